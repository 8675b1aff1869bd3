using System.CommandLine;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>A wrong command line: exit code 64, one line that says what is allowed, and nothing is touched.</summary>
[Trait("Level", "pure")]
public sealed class WrongUsageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    // A value that each required argument and option accepts.
    private static readonly Dictionary<string, string> s_valid = new(StringComparer.Ordinal)
    {
        ["STACK"] = "core",
        ["VERSION"] = "last-good",
        ["FROM"] = "last-good",
        ["TO"] = "last-good",
        ["NODE"] = "node-1",
        ["NAME"] = "jane-doe",
        ["FILE"] = "escrow.pem",
        ["SHELL"] = "bash",
        ["COMMAND"] = "true",
        ["--to"] = "last-good",
        ["--reason"] = "because",
        ["--environment"] = "staging",
        ["--profile"] = "viewer",
        ["--for"] = "jane-doe",
        ["--hours"] = "1",
    };

    // A wrong value of an option that does not accept every text. For the others the wrong value is none.
    private static readonly Dictionary<string, string> s_wrong = new(StringComparer.Ordinal)
    {
        ["--environment"] = "nowhere",
        ["--explain"] = "only-one-end",
        ["--fault"] = "[]",
        ["--hours"] = "x",
        ["--json"] = "/",
        ["--minutes"] = "9",
        ["--profile"] = "nobody",
        ["--seed"] = "x",
        ["--stack"] = "nowhere",
        ["--timeout"] = "-1",
    };

    public static TheoryData<string, string> Options =>
        [
            .. from verb in CommandTree.Verbs
            from option in verb.Command.Options
            where option.Name != "--help"
            select new TheoryDataRow<string, string>(verb.Name, option.Name),
        ];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Option_with_a_wrong_value_exits_64_with_one_line(string verb, string name)
    {
        var command = CommandTree.Verbs.Single(one => one.Name == verb).Command;
        var option = command.Options.Single(one => one.Name == name);
        List<string> arguments = [.. verb.Split(' ')];
        foreach (var argument in command.Arguments.Where(one => one.Arity.MinimumNumberOfValues > 0))
            arguments.Add(s_valid[argument.Name]);
        foreach (var required in command.Options.Where(one => one.Required && one.Name != name))
            arguments.AddRange([required.Name, s_valid[required.Name]]);
        if (option.ValueType == typeof(bool))
            arguments.Add($"{name}=maybe");
        else
            arguments.AddRange(s_wrong.TryGetValue(name, out var wrong) ? [name, wrong] : [name]);

        var (code, output, error) = await RunAsync(arguments);

        Assert.True(code == ExitCode.Usage, $"{code}: {error}");
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Theory]
    [InlineData("plna", "Unknown command plna. Did you mean plan? The commands are sandbox, rehearse,")]
    [InlineData("state recver", "Unknown command recver. Did you mean recover? The commands are")]
    [InlineData("state", "A command of \"state\" is missing. The commands are bootstrap,")]
    [InlineData("help nonsense", "Unknown command nonsense.")]
    [InlineData("plna --help", "Unknown command plna.")]
    [InlineData("plan --skip-snth", "Unknown option --skip-snth. Did you mean --skip-synth? See \"plan --help\".")]
    [InlineData("validate --explan a b", "Unknown option --explan. Did you mean --explain?")]
    [InlineData("state escrow --verfy", "Unknown option --verfy. Did you mean --verify?")]
    [InlineData("validate staging", "\"validate\" takes no argument, but staging was given.")]
    [InlineData("state restore core 1 2", "\"state restore\" takes fewer arguments: 2 is one too many.")]
    [InlineData("rollback", "\"rollback\" needs --to VERSION, STACK. See \"rollback --help\".")]
    [InlineData("access kubeconfig --hours", "needs --environment NAME, --profile PROFILE, --for NAME, --hours N.")]
    [InlineData("validate --explain a", "\"validate\" needs --explain FROM TO:PORT.")]
    [InlineData("deploy --yes=core", "--yes: given core; allowed: --yes without a value.")]
    [InlineData("archive list prodction", "Did you mean production? Name an existing stack.")]
    [InlineData("rehearse --stack sytem", "Did you mean system?")]
    [InlineData("access list --environment stagng", "Did you mean staging?")]
    [InlineData("rehearse --fault {\"type\":\"linode_vcp\",\"error\":\"no\"}", "Did you mean linode_vpc?")]
    [InlineData("rehearse --fault []", "The list is empty")]
    public async Task Wrong_usage_says_in_one_line_what_was_meant(string arguments, string said)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Empty(output);
    }

    [Fact]
    public async Task Wrong_usage_with_json_writes_the_error_as_json()
    {
        var (code, output, error) = await RunAsync(["plan", "nowhere", "--json"]);

        var document = JsonNode.Parse(output)!;
        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("schemaVersion", document.AsObject().First().Key);
        Assert.Equal(("usage", 64), ((string)document["error"]!["kind"]!, (int)document["error"]!["exitCode"]!));
        Assert.Equal(error.TrimEnd('\n'), (string)document["error"]!["message"]!);
    }

    [Theory]
    [InlineData("help", "Commands:")]
    [InlineData("help state doctor", "state doctor [<STACK>...]")]
    public async Task Help_is_a_command_too(string arguments, string said)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.Empty(error);
    }

    public void Dispose() => _directory.Dispose();

    private async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<string> arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var workspace = new Workspace
        {
            Platform = Platforms.Three,
            Synthesize = (_, _) => throw new InvalidOperationException("Nothing may be synthesized here."),
            Directory = _directory.Path,
            Output = Path.Combine(_directory.Path, "cdktf.out"),
            Environment = new Dictionary<string, string>(),
        };
        var code = await CommandLine.RunAsync(arguments, () => workspace, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
