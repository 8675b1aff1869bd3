using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Hosting;

namespace InfraCdktf.Pipeline.Processes;

/// <summary>What happens with a variable of the caller's environment.</summary>
public enum VariableUse
{
    /// <summary>Every program that this program starts gets it.</summary>
    Everywhere,

    /// <summary>Only Terraform gets it.</summary>
    Terraform,

    /// <summary>Only kubectl gets it.</summary>
    Kubectl,

    /// <summary>Terraform gets a value from this program, whatever the caller's value is.</summary>
    Set,

    /// <summary>This program reads it. No other program gets it.</summary>
    Read,

    /// <summary>Terraform does not get it, and one line says so: the command's result is the same without it.</summary>
    Dropped,

    /// <summary>The command fails before it does anything: with or without the variable, its result would surprise.</summary>
    Refused,
}

/// <summary>The rule for one variable, or for all variables with a prefix.</summary>
/// <param name="Name">The name; a star at its end stands for any text.</param>
/// <param name="Use">What happens with it.</param>
/// <param name="Reason">Why, in one sentence; for a variable that is dropped or refused also what to do.</param>
public sealed record VariableRule(string Name, VariableUse Use, string Reason)
{
    /// <summary>True if the rule is for this variable.</summary>
    public bool IsFor(string variable) =>
        Name.EndsWith('*') ? variable.StartsWith(Name[..^1], _comparison) : variable.Equals(Name, _comparison);

    // Windows ignores the case of variables' names.
    private static readonly StringComparison _comparison = OperatingSystem.IsWindows()
        ? StringComparison.OrdinalIgnoreCase
        : StringComparison.Ordinal;
}

/// <summary>
/// The rules for the caller's environment. A program that this program starts gets only what a rule names, so that no variable of
/// the caller changes what a command does. Variables without a rule reach no program. An empty variable counts as not set (<see
/// cref="Workspace.Environment"/>).
/// </summary>
public static class CallerVariables
{
    /// <summary>Sends Terraform to providers that run already. Only a sandbox sets it.</summary>
    public const string Reattach = "TF_REATTACH_PROVIDERS";

    private const string Workspaces = "TF_WORKSPACE";
    private const string DefaultWorkspace = "default";
    private const string KubectlKubeconfig = "KUBECONFIG";
    private const string TerraformKubeconfig = "KUBE_CONFIG_PATH";

    // The setting of Go's garbage collector, in percent of the live memory; Go's default is 100. Measured with a plan of 133
    // objects, CPU seconds and megabytes: 100 gives 1.4 and 112, 200 1.2 and 135, 400 1.0 and 180, 800 1.0 and 250.
    private const string GarbageCollection = "GOGC";
    private const string LessOften = "400";

    private const string LogHasValues =
        "Terraform's log has secret values. To see a log, run terraform by hand in the stack's directory.";

    private const string OtherCluster =
        "It can select another cluster or account than the kubeconfig that KUBE_CONFIG_PATH names. Write the setting into that "
        + "kubeconfig.";

    /// <summary>The rules. The first one that is for a variable decides.</summary>
    public static IReadOnlyList<VariableRule> Rules { get; } =
    [
        .. Of(VariableUse.Everywhere, "programs are found with it", "PATH", "PATHEXT"),
        .. Of(
            VariableUse.Everywhere,
            "the user, and the user's directories",
            "HOME",
            "USER",
            "LOGNAME",
            "USERPROFILE",
            "APPDATA",
            "LOCALAPPDATA",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_DATA_HOME"
        ),
        .. Of(VariableUse.Everywhere, "temporary files", "TMPDIR", "TMP", "TEMP"),
        .. Of(VariableUse.Everywhere, "Windows needs it to start a program", "SystemRoot", "ComSpec"),
        .. Of(VariableUse.Everywhere, "language and time zone of messages", "LANG", "LANGUAGE", "LC_*", "TZ"),
        .. Of(
            VariableUse.Everywhere,
            "the way to the network",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "ALL_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "all_proxy"
        ),
        .. Of(VariableUse.Everywhere, "the certificate authorities to trust", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        .. Of(VariableUse.Terraform, "the access key of the live bucket", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        new(BucketAddress.EndpointVariable, VariableUse.Read, "it must agree with the backend; see \"state doctor\""),
        new(StateKeys.TerraformVariable, VariableUse.Set, "the state key of the stack"),
        .. Of(
            VariableUse.Set,
            "RADOS Gateway refuses the newer checksums",
            "AWS_REQUEST_CHECKSUM_CALCULATION",
            "AWS_RESPONSE_CHECKSUM_VALIDATION"
        ),
        .. Of(
            VariableUse.Set,
            "an empty file: the settings in ~/.aws are for other stores",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE"
        ),
        new(
            GarbageCollection,
            VariableUse.Set,
            $"{LessOften}: Terraform collects garbage less often, needs a quarter less processor time and 70 MB more memory"
        ),
        new(
            "AWS_CA_BUNDLE",
            VariableUse.Dropped,
            "Set SSL_CERT_FILE instead: this program and every program that it starts read it."
        ),
        new("LINODE_DEBUG", VariableUse.Dropped, "The provider's log has secret values."),
        new("LINODE_*", VariableUse.Terraform, "token and settings of the Linode provider"),
        new(TerraformKubeconfig, VariableUse.Terraform, "the kubeconfig of the providers kubernetes and helm"),
        .. Of(
            VariableUse.Refused,
            OtherCluster,
            "KUBE_CONFIG_PATHS",
            "KUBE_CTX",
            "KUBE_CTX_AUTH_INFO",
            "KUBE_CTX_CLUSTER",
            "KUBE_HOST",
            "KUBE_USER",
            "KUBE_USERNAME",
            "KUBE_PASSWORD",
            "KUBE_TOKEN",
            "KUBE_INSECURE",
            "KUBE_TLS_SERVER_NAME",
            "KUBE_CLIENT_CERT_DATA",
            "KUBE_CLIENT_KEY_DATA",
            "KUBE_CLUSTER_CA_CERT_DATA",
            "KUBE_PROXY_URL"
        ),
        new(KubectlKubeconfig, VariableUse.Kubectl, $"the kubeconfig of kubectl; without it {TerraformKubeconfig}"),
        new("KUBECACHEDIR", VariableUse.Kubectl, "the directory of kubectl's cache"),
        new(Reattach, VariableUse.Refused, "Only a sandbox that runs in this directory may set it. Start that sandbox."),
        new(
            "TF_CLI_ARGS*",
            VariableUse.Refused,
            "It adds arguments to Terraform's commands, so a plan, an apply or a drift check would not do what this program "
                + "reports."
        ),
        new(
            Workspaces,
            VariableUse.Refused,
            "Terraform would read and write another state, which is in no archive and has no checks."
        ),
        new(
            "TF_DATA_DIR",
            VariableUse.Refused,
            "Terraform would use the providers and the backend of another directory. This program selects it."
        ),
        .. Of(VariableUse.Dropped, LogHasValues, "TF_LOG", "TF_LOG_*", "TF_TEMP_LOG_PATH"),
        new(
            "TF_STATE_PERSIST_INTERVAL",
            VariableUse.Dropped,
            "Terraform saves the state of a running apply every 20 s; a longer interval loses more when it is killed."
        ),
        new(
            "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE",
            VariableUse.Dropped,
            "The lock file must have all checksums of the providers."
        ),
        new("TERRAFORM_CONFIG", VariableUse.Dropped, "Set TF_CLI_CONFIG_FILE instead."),
        .. Of(
            VariableUse.Terraform,
            "where providers come from",
            "TF_CLI_CONFIG_FILE",
            "TF_PLUGIN_CACHE_DIR",
            "TF_REGISTRY_DISCOVERY_RETRY",
            "TF_REGISTRY_CLIENT_TIMEOUT",
            "TF_TOKEN_*"
        ),
        new("TF_VAR_*", VariableUse.Terraform, "a variable, if the stack declares it"),
        new("TF_IN_AUTOMATION", VariableUse.Terraform, "Terraform prints no hints about its next command"),
        new("CHECKPOINT_DISABLE", VariableUse.Terraform, "no question to HashiCorp about new versions"),
    ];

    /// <summary>The rule for a variable; null if it reaches no program.</summary>
    public static VariableRule? RuleOf(string variable) => Rules.FirstOrDefault(rule => rule.IsFor(variable));

    /// <summary>The environment of a program that needs neither credentials nor a state (git).</summary>
    /// <param name="caller">The caller's environment.</param>
    public static IReadOnlyDictionary<string, string> ForPrograms(IReadOnlyDictionary<string, string> caller) =>
        Select(caller, VariableUse.Everywhere);

    /// <summary>The environment of kubectl: no state key and no token.</summary>
    /// <param name="caller">The caller's environment.</param>
    /// <exception cref="PipelineException">The caller names no kubeconfig.</exception>
    public static IReadOnlyDictionary<string, string> ForKubectl(IReadOnlyDictionary<string, string> caller)
    {
        var kubeconfig =
            caller.GetValueOrDefault(KubectlKubeconfig)
            ?? caller.GetValueOrDefault(TerraformKubeconfig)
            ?? throw new PipelineException(NoKubeconfig);
        return new Dictionary<string, string>(Select(caller, VariableUse.Everywhere, VariableUse.Kubectl))
        {
            [KubectlKubeconfig] = kubeconfig,
        };
    }

    /// <summary>
    /// The environment of Terraform without the values of the stack's variables and its state key (<see
    /// cref="Terraform.StackVariables"/> adds them).
    /// </summary>
    /// <param name="caller">The caller's environment, after <see cref="Require"/>.</param>
    public static Dictionary<string, string> ForTerraform(IReadOnlyDictionary<string, string> caller)
    {
        var environment = new Dictionary<string, string>(Select(caller, VariableUse.Everywhere, VariableUse.Terraform))
        {
            [Workspaces] = DefaultWorkspace,
            ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required",
            ["AWS_RESPONSE_CHECKSUM_VALIDATION"] = "when_required",
            ["AWS_CONFIG_FILE"] = EmptyFile,
            ["AWS_SHARED_CREDENTIALS_FILE"] = EmptyFile,
            [GarbageCollection] = LessOften,
        };
        // The values that Require accepted.
        foreach (var name in (string[])[Reattach, BucketAddress.RedirectVariable])
            if (caller.GetValueOrDefault(name) is { } value)
                environment[name] = value;
        return environment;
    }

    /// <summary>
    /// Requires that no variable of the caller changes what Terraform does, and returns a line for each variable that is not
    /// passed on.
    /// </summary>
    /// <param name="files">The directory of the commands' files, in which a sandbox is recorded.</param>
    /// <param name="caller">The caller's environment.</param>
    /// <exception cref="UsageException">
    /// The environment is of a sandbox that has ended, or variables are refused. The message names all of them, without their
    /// values.
    /// </exception>
    public static IReadOnlyList<string> Require(string files, IReadOnlyDictionary<string, string> caller)
    {
        SandboxEnvironment.Require(caller);
        var rules = caller
            .Keys.Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Rule: RuleOf(name)))
            .Where(one => one.Rule is not null)
            .ToList();
        var refused = rules
            .Where(one => one.Rule!.Use == VariableUse.Refused && !IsAccepted(one.Name, files, caller))
            .Select(one => $"{one.Name}: set in your environment; allowed: {Allowed(one.Name)}. {one.Rule!.Reason}")
            .ToList();
        if (refused.Count > 0)
        {
            var names = rules.Where(one => refused.Any(line => line.StartsWith($"{one.Name}:", StringComparison.Ordinal)));
            throw new UsageException(
                $"{string.Join('\n', refused)}\nNothing was done. Run \"unset "
                    + $"{string.Join(' ', names.Select(one => one.Name))}\", then the command again."
            );
        }
        return
        [
            .. rules
                .Where(one => one.Rule!.Use == VariableUse.Dropped)
                .Select(one => $"{one.Name} is not passed to Terraform. {one.Rule!.Reason}"),
        ];
    }

    /// <summary>The sentence for a kubeconfig that no variable names.</summary>
    public const string NoKubeconfig =
        $"No kubeconfig is named. Set {KubectlKubeconfig} (or {TerraformKubeconfig}) to the kubeconfig file of this cluster; "
        + "docs/runbooks/access-loss.md shows how to get one.";

    private static string EmptyFile => OperatingSystem.IsWindows() ? "NUL" : "/dev/null";

    private static string Allowed(string name) => name == Workspaces ? DefaultWorkspace : "not set";

    private static bool IsAccepted(string name, string files, IReadOnlyDictionary<string, string> caller) =>
        name switch
        {
            Workspaces => caller[name] == DefaultWorkspace,
            Reattach => SandboxRecord.Has(files, caller[name]),
            BucketAddress.RedirectVariable => BucketAddress.IsRedirected(caller),
            _ => false,
        };

    private static IEnumerable<VariableRule> Of(VariableUse use, string reason, params string[] names) =>
        names.Select(name => new VariableRule(name, use, reason));

    private static Dictionary<string, string> Select(
        IReadOnlyDictionary<string, string> caller,
        params ReadOnlySpan<VariableUse> uses
    )
    {
        var selected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in caller)
            if (RuleOf(name) is { } rule && uses.Contains(rule.Use))
                selected[name] = value;
        return selected;
    }
}
