using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// The secrets in the environment of the program: values of ephemeral variables, and of variables whose name says that they have
/// a secret. A plan may have a copy of one that Terraform does not mark.
/// </summary>
public static class KnownSecrets
{
    private const string Variable = "TF_VAR_";

    // The shell's directories. "pwd" is also a word for a password.
    private static readonly string[] s_directories = ["PWD", "OLDPWD"];

    /// <summary>The secrets that a command of a stack has.</summary>
    public static IReadOnlyList<string> Of(Workspace workspace, StackDirectory stack)
    {
        var ephemeral = stack
            .Variables.Where(variable => variable.Ephemeral)
            .Select(variable => Variable + variable.Name)
            .ToHashSet();
        return
        [
            .. workspace
                .Environment.Where(variable =>
                    ephemeral.Contains(variable.Key)
                    || (
                        SecretNames.IsSecret(variable.Key)
                        && !s_directories.Contains(variable.Key)
                        && !Path.IsPathRooted(variable.Value)
                    )
                )
                .Select(variable => variable.Value),
        ];
    }

    /// <summary>A text in which the secrets are replaced, for errors. Short ones stay: they are part of too many words.</summary>
    public static string Hide(string text, IEnumerable<string> secrets) =>
        secrets
            .Where(secret => secret.Length >= PlanSecrets.ShortestPart)
            .OrderByDescending(secret => secret.Length)
            .Aggregate(text, (rest, secret) => rest.Replace(secret, PlanValue.Sensitive, StringComparison.Ordinal));
}
