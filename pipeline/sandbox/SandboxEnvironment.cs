using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>The environment of a command in a sandbox, and what this program reads of it.</summary>
public static class SandboxEnvironment
{
    /// <summary>The variable that names the directory of the sandbox to the commands in it.</summary>
    public const string Variable = SandboxRecord.Variable;

    /// <summary>The variable of cdktf-cli for the directory of the synthesized stacks.</summary>
    private const string CdktfOutput = "CDKTF_OUTPUT";

    /// <summary>
    /// The variable of cdktf-cli against <c>terraform providers lock</c>, which asks the registry for providers that run already.
    /// </summary>
    private const string CdktfLock = "CDKTF_SKIP_PROVIDER_LOCK";

    private const string SearchPath = "PATH";

    // The caller's credentials and settings for real clouds, clusters and states.
    private static readonly string[] _real =
    [
        "AWS_",
        "LINODE_",
        "TF_",
        "TERRAFORM_CONFIG",
        "KUBE",
        "HELM_",
        "STATE_KEY_",
        "PLAN_",
        "ARCHIVE_",
        "CDKTF_OUT",
        Variable,
    ];

    /// <summary>The sandbox that an environment belongs to; null outside a sandbox.</summary>
    public static SandboxDirectory? Of(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault(Variable) is { Length: > 0 } path ? new(path) : null;

    /// <summary>
    /// Requires that the environment of a sandbox is complete and that the sandbox runs. Nothing is required of another one.
    /// </summary>
    /// <exception cref="UsageException">The sandbox has ended, or was started again after this shell.</exception>
    public static void Require(IReadOnlyDictionary<string, string> environment)
    {
        if (
            Of(environment) is { } place
            && !(
                environment.GetValueOrDefault(CallerVariables.Reattach) is { } providers
                && SandboxRecord.Has(place.FullPath, providers)
            )
        )
        {
            throw new UsageException(
                $"{Variable}: given {place.FullPath}; allowed: a sandbox that runs since before this shell. It has ended or was "
                    + "started again. Nothing was done. Leave this shell (\"exit\"), then run \"sandbox up\" and "
                    + "\"sandbox shell\"."
            );
        }
    }

    /// <summary>The PATH without the programs of a sandbox, for this program, which calls Terraform itself.</summary>
    public static string WithoutTools(string searchPath, SandboxDirectory place) =>
        string.Join(
            Path.PathSeparator,
            searchPath
                .Split(Path.PathSeparator)
                .Where(directory => directory.Length > 0 && Path.GetFullPath(directory) != place.Tools)
        );

    /// <summary>
    /// The environment of a command in the sandbox: the caller's without what selects or opens something real, and the
    /// sandbox's own.
    /// </summary>
    /// <param name="caller">The caller's environment; it may be of a sandbox too.</param>
    /// <param name="place">The sandbox.</param>
    /// <param name="running">Its process.</param>
    public static IReadOnlyDictionary<string, string> For(
        IReadOnlyDictionary<string, string> caller,
        SandboxDirectory place,
        RunningSandbox running
    )
    {
        var environment = caller
            .Where(variable => !_real.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in running.Variables.Concat(new SandboxSettings(place.Settings).Variables))
            environment[name] = value;
        // Each stack has its own key (STATE_KEY_...).
        environment.Remove(StateKeys.TerraformVariable);
        environment[Variable] = place.FullPath;
        environment[CdktfOutput] = place.Output;
        environment[CdktfLock] = "true";
        var others = Of(caller) is { } outer
            ? WithoutTools(caller.GetValueOrDefault(SearchPath, ""), outer)
            : caller.GetValueOrDefault(SearchPath, "");
        environment[SearchPath] = $"{place.Tools}{Path.PathSeparator}{others}";
        return environment;
    }

    /// <summary>The workspace of this program's own commands in the sandbox.</summary>
    /// <inheritdoc cref="For"/>
    internal static Workspace Inside(Workspace caller, SandboxDirectory place, RunningSandbox running)
    {
        var environment = new Dictionary<string, string>(For(caller.Environment, place, running));
        environment[SearchPath] = WithoutTools(environment[SearchPath], place);
        return caller with { Files = place.FullPath, Output = place.Output, Environment = environment };
    }
}
