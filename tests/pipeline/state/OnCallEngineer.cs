using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// Does what a person does after a kill, and nothing else: runs <c>state doctor</c> and the commands that it and the other
/// outputs name, as they are printed, looks for an object where the output says, and answers.
/// </summary>
/// <param name="sandbox">The sandbox.</param>
/// <param name="workspace">The workspace of the killed run.</param>
/// <param name="stack">The stack.</param>
internal sealed partial class OnCallEngineer(SandboxFixture sandbox, Workspace workspace, string stack)
{
    private const int Patient = 6;

    private readonly List<string> _said = [];
    private readonly List<string> _commands = [];

    /// <summary>The commands so far, each with its exit code.</summary>
    public IReadOnlyList<string> Commands => _commands;

    /// <summary>What the commands said.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>Addresses of keys whose secret is lost, as the outputs said: these are replaced on purpose.</summary>
    public IReadOnlySet<string> SecretsLost =>
        _said.SelectMany(text => SecretLost().Matches(text)).Select(match => match.Groups["address"].Value).ToHashSet();

    /// <summary>Runs the doctor and what it names, until it finds nothing wrong.</summary>
    public async Task RepairAsync()
    {
        for (var round = 0; round < Patient; round++)
        {
            var (code, said) = await TypeAsync($"state doctor {stack}");
            if (code == ExitCode.Done)
            {
                Assert.DoesNotContain("Do not deploy", _said.SkipLast(1).LastOrDefault() ?? "", StringComparison.Ordinal);
                return;
            }
            var wrong = said.Split('\n').Where(line => line.StartsWith("WRONG", StringComparison.Ordinal)).ToList();
            var named = wrong.SelectMany(Named).ToList();
            Assert.True(named.Count > 0, "The doctor names no command.");
            // The first of several that differ only in their options.
            foreach (var command in named.DistinctBy(command => string.Join(' ', command.Split(' ').Take(3))))
                await FollowAsync(command);
        }
        Assert.Fail($"state doctor {stack} still finds something wrong.");
    }

    /// <summary>Runs the command that was killed, until it succeeds.</summary>
    public async Task FinishAsync(string command)
    {
        for (var round = 0; round < Patient; round++)
        {
            var (code, said) = await TypeAsync(command);
            if (code == ExitCode.Done)
                return;
            var named = Named(said).ToList();
            Assert.True(named.Count > 0, $"{command} failed and names no command.");
            await FollowAsync(named[0]);
        }
        Assert.Fail($"{command} still fails.");
    }

    /// <summary>Runs the doctor once, and nothing that it names.</summary>
    public Task<(int Code, string Said)> LookAsync() => TypeAsync($"state doctor {stack}");

    private async Task FollowAsync(string command)
    {
        for (var round = 0; round < Patient; round++)
        {
            var (code, said) = await TypeAsync(command);
            if (code == ExitCode.Done)
                return;
            if (First().Match(said) is { Success: true } first)
                await TypeAsync(first.Groups["command"].Value);
            else if (code == ExitCode.Usage && said.Contains("add --yes", StringComparison.Ordinal))
                command += " --yes";
            else if (await AnswersAsync(said) is { Length: > 0 } answers)
                command = $"state recover {stack} {answers}";
            else
                return; // the doctor decides
        }
    }

    /// <summary>
    /// Looks for each object that a recovery asks about, and chooses among the printed answers. Several fit into one command.
    /// </summary>
    private async Task<string> AnswersAsync(string said)
    {
        var answers = new List<string>();
        var known = (await PlatformAgreement.StatesAsync(sandbox, workspace)).SelectMany(state => state.Keys).ToHashSet();
        var ids = new ImportIds(workspace.Stack(stack).Configuration, _ => null);
        foreach (var address in Answer().Matches(said).Select(answer => answer.Groups["address"].Value).Distinct())
        {
            // A lock of Linode has no name: it is looked for at its cluster.
            var (type, name, space) = (address.Split('.')[0], ids.NameOf(address) ?? "", ids.NamespaceOf(address));
            var there = sandbox.Sandbox.Account.Objects.SingleOrDefault(item =>
                item.Type == type
                && item.Name == name
                && (space is null || item.Id == $"{space}/{name}")
                && !known.Contains(item.Key)
            );
            // Only what is printed: a release that was never installed has a record, and the output says "not found".
            var adopt = $"--adopt '{address}={there?.Id}'";
            var isPrinted = new[] { adopt, $"--adopt '{address}=ID'" }.Any(said.Contains);
            answers.Add(there is not null && isPrinted ? adopt : $"--absent '{address}'");
        }
        return string.Join(' ', answers);
    }

    private async Task<(int Code, string Said)> TypeAsync(string command)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        string[] words = [.. Word().Matches(command).Select(word => word.Value.Replace("'", "", StringComparison.Ordinal))];
        var code = await CommandLine.RunAsync(words, () => workspace, output, error);
        var said = $"{output}{error}";
        _commands.Add($"{command} ({code})");
        _said.Add($"$ {command}   # exit {code}\n{said}");
        return (code, said);
    }

    private static IEnumerable<string> Named(string text) =>
        Quoted().Matches(text).Select(match => match.Groups["command"].Value);

    [GeneratedRegex("\"(?<command>(?:state (?:recover|restore|unlock|rekey|prune)|backup|deploy|destroy) [^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("run\\s+\"(?<command>[^\"]+)\", then this command again")]
    private static partial Regex First();

    [GeneratedRegex(@"--(?:adopt '(?<address>[^']+)=[^'=]+'|absent '(?<address>[^']+)')")]
    private static partial Regex Answer();

    [GeneratedRegex(@"the secret of (?<address>\S+) is shown only at creation")]
    private static partial Regex SecretLost();

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex Word();
}
