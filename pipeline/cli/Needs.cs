using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// What a command needs on this machine: programs, variables, files. A command checks all of it before it does anything, and
/// names everything that is missing in one list.
/// </summary>
public sealed class Needs
{
    private readonly Workspace _workspace;
    private readonly string _command;
    private readonly List<Tool> _tools = [];
    private readonly List<string> _missing = [];

    private Needs(Workspace workspace, string command) => (_workspace, _command) = (workspace, command);

    /// <summary>The needs of a command.</summary>
    /// <param name="workspace">Its workspace.</param>
    /// <param name="command">Its name: <c>state recover</c>.</param>
    public static Needs Of(Workspace workspace, string command) => new(workspace, command);

    /// <summary>A program.</summary>
    public Needs Tool(Tool tool)
    {
        _tools.Add(tool);
        return this;
    }

    /// <summary>Node.js, unless the stacks are synthesized already; then their files.</summary>
    /// <param name="isSkipped">Whether <c>--skip-synth</c> was given.</param>
    /// <param name="stacks">The stacks that the command reads.</param>
    public Needs Synthesis(bool isSkipped, IEnumerable<string> stacks)
    {
        if (!isSkipped)
            return Tool(Cli.Tool.Node);
        foreach (var stack in stacks)
            if (!StackDirectory.IsThere(_workspace.Output, stack))
                _missing.Add(StackDirectory.Missing(_workspace.Output, stack));
        return this;
    }

    /// <summary>The access key of the state's buckets.</summary>
    public Needs Buckets()
    {
        if (StateBuckets.MissingKey(_workspace.Environment) is { } missing)
            _missing.Add(missing);
        return this;
    }

    /// <summary>The state keys of stacks.</summary>
    public Needs Keys(IEnumerable<string> stacks)
    {
        var keys = new StateKeys(_workspace.Environment);
        foreach (var stack in stacks)
        {
            try
            {
                _ = keys.Of(stack);
            }
            catch (PipelineException exception)
            {
                _missing.Add(exception.Message);
            }
        }
        return this;
    }

    /// <summary>Linode's token.</summary>
    /// <param name="scope">What the token must allow.</param>
    public Needs Token(string scope)
    {
        if (LinodeClient.MissingToken(_workspace.Environment, scope) is { } missing)
            _missing.Add(missing);
        return this;
    }

    /// <summary>kubectl and the kubeconfig of the cluster.</summary>
    public Needs Cluster() => Tool(Cli.Tool.Kubectl).Kubeconfig();

    /// <summary>Credentials of the providers that stacks use: Linode's token, the kubeconfig.</summary>
    public Needs Providers(IReadOnlyCollection<string> stacks)
    {
        if (stacks.Any(IsOfLinode))
            Token("a token with the rights of the stacks' role (docs/access.md)");
        return stacks.All(IsOfLinode) ? this : KubeconfigOfTerraform();

        static bool IsOfLinode(string stack) => stack is StackNames.State or StackNames.Core;
    }

    /// <summary>
    /// The secrets that the shared services of the system stack need at their start, if it is among the stacks.
    /// </summary>
    public Needs Secrets(IEnumerable<string> stacks)
    {
        if (!stacks.Contains(_workspace.Platform.System.Name.Text))
            return this;
        foreach (var secret in _workspace.SharedServices(_workspace.Platform).Secrets)
        foreach (var key in secret.Keys)
            if (!_workspace.Environment.ContainsKey(secret.EnvironmentOf(key)))
                _missing.Add($"{secret.EnvironmentOf(key)} is not set. Set it to the key \"{key}\" of the Secret {secret.Name}.");
        return this;
    }

    /// <summary>
    /// The values of the variables that synthesized stacks declare: all stacks in one list, before the first is applied.
    /// </summary>
    public Needs Values(IReadOnlyCollection<string> stacks)
    {
        var core = _workspace.Outputs.Read();
        var declared = StackDirectory.IsThere(_workspace.Output, StackNames.Core)
            ? _workspace.Stack(StackNames.Core).Outputs
            : core.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var stack in stacks.Select(_workspace.Stack))
            _missing.AddRange(
                StackVariables.Missing(stack, declared, core, _workspace.Environment, stacks.Contains(StackNames.Core))
            );
        return this;
    }

    /// <summary>Requires everything.</summary>
    /// <exception cref="PipelineException">Something is missing: one sentence for each.</exception>
    public async Task RequireAsync()
    {
        var problems = new List<string>();
        foreach (var tool in _tools.Distinct())
            if (await tool.ProblemAsync(_workspace.Environment) is { } problem)
                problems.Add(problem);
        problems.AddRange(_missing);
        if (problems is [var only])
            throw new PipelineException(only);
        if (problems.Count > 0)
            throw new PipelineException(
                $"\"{_command}\" lacks {problems.Count} things; nothing was done:\n"
                    + string.Join('\n', problems.Select(one => $"- {one}"))
            );
    }

    private Needs Kubeconfig()
    {
        var files = Kubectl.Files(_workspace);
        if (files.Count == 0)
            _missing.Add(CallerVariables.NoKubeconfig);
        foreach (var file in files.Where(file => !File.Exists(Path.GetFullPath(file, _workspace.Directory))))
            _missing.Add($"KUBECONFIG: {file} does not exist. Set it to the kubeconfig of the cluster.");
        return this;
    }

    private Needs KubeconfigOfTerraform()
    {
        if (!_workspace.Environment.ContainsKey("KUBE_CONFIG_PATH"))
            _missing.Add("KUBE_CONFIG_PATH is not set. Set it to the kubeconfig of the cluster (README.md, \"Go live\").");
        return this;
    }
}
