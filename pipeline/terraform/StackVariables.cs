using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>Which values a command can do without.</summary>
public enum Placeholders
{
    /// <summary>All of them: a plan works on a clean checkout and in a job that holds no secret, and a destroy needs no value.</summary>
    Allowed,

    /// <summary>Secrets alone: they are in no plan, but a placeholder for an output of core would show as a difference that is none.</summary>
    ForSecrets,

    /// <summary>None: what is applied is meant.</summary>
    Refused,
}

/// <summary>Chooses what a stack is told: the variables that it declares, and nothing else.</summary>
public static class StackVariables
{
    private const string Prefix = "TF_VAR_";

    // What no Terraform process needs to see: other stacks' values and keys, and the key to the archive.
    private static readonly string[] _ours = [Prefix, "STATE_KEY_", "ARCHIVE_"];

    // Ephemeral variables go into write-only arguments, whose values are in no plan: any text plans alike.
    private const string SecretPlaceholder = "only-needed-to-apply";

    /// <summary>
    /// The environment of a stack's Terraform: the caller's, with those <c>TF_VAR_*</c> alone that the stack declares (one stack's secrets are
    /// nothing to another), and core's outputs for declared variables that the caller did not set.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="coreDeclares">Names of the outputs that the core stack declares: a variable of such a name has a placeholder for a default.</param>
    /// <param name="coreOutputs">The values core had when it was last applied.</param>
    /// <param name="caller">The caller's environment.</param>
    /// <param name="placeholders">What may be missing.</param>
    /// <exception cref="PipelineException">A value is missing that must be there; the message says where each comes from.</exception>
    public static IReadOnlyDictionary<string, string> Environment(
        StackDirectory stack,
        IReadOnlySet<string> coreDeclares,
        IReadOnlyDictionary<string, JsonNode?> coreOutputs,
        IReadOnlyDictionary<string, string> caller,
        Placeholders placeholders
    )
    {
        var environment = caller
            .Where(variable => !_ours.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var variable in stack.Variables)
        {
            var name = Prefix + variable.Name;
            if (caller.TryGetValue(name, out var given))
                environment[name] = given;
            else if (variable.Ephemeral && placeholders != Placeholders.Refused)
                environment[name] = SecretPlaceholder;
            else if (variable.Ephemeral)
                missing.Add($"  {variable.Name}: a secret; set {name} in the environment");
            else if (coreOutputs.TryGetValue(variable.Name, out var output) && output is not null)
                environment[name] = Text(output);
            else if (coreDeclares.Contains(variable.Name) && placeholders != Placeholders.Allowed)
                missing.Add($"  {variable.Name}: an output of core; run \"deploy core\" here first, or set {name}");
        }
        if (missing.Count == 0)
            return environment;
        throw new PipelineException(
            $"stack {stack.Name}: {missing.Count} variable(s) have no value but a placeholder:\n{string.Join('\n', missing)}"
        );
    }

    // Terraform reads a string as it is, and everything else as an expression; JSON is one.
    private static string Text(JsonNode value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString();
}
