using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace InfraCdktf.Pipeline.Cli;

/// <summary>The help of a command: the library's text, then examples and exit codes.</summary>
/// <param name="terminal">True if standard output is a terminal, whose width then limits the lines.</param>
internal sealed class CommandHelp(bool terminal) : SynchronousCommandLineAction
{
    // A pipe and docs/commands.md get the same text on every machine.
    private const int Width = 120;
    private const int Narrowest = 40;

    /// <summary>How the program is started in examples and usage lines.</summary>
    public const string Program = "dotnet run --";

    // What follows the program's name; the first words are the command.
    private static readonly string[] _examples =
    [
        "sandbox up --deployed",
        "sandbox shell",
        "sandbox run -- terraform version",
        "sandbox status",
        "sandbox drift --seed 7",
        "sandbox fault --clear",
        "sandbox down",
        "rehearse",
        "rehearse --stack development --seed 7",
        "synth",
        "validate",
        "validate --explain development/api staging/api:8080",
        "plan",
        "plan core --no-values --markdown plan.md",
        "deploy core",
        "deploy --yes --skip-synth",
        "destroy staging --yes --confirm infra",
        "drift --json drift.json",
        "cdktf synth",
        "cdktf diff core",
        "cdktf deploy state core",
        "cdktf destroy staging --auto-approve",
        "access kubeconfig --environment staging --profile viewer --for jane-doe --hours 8",
        "access list --environment staging",
        "access review --log audit.log --account",
        "access break-glass --reason \"API server refuses deploys\" --ticket INC-42 --approved-by john-roe",
        "access break-glass --revoke",
        "access offboard jane-doe --check",
        "access upload-records",
        "rollback core --to last-good",
        "archive list core",
        "archive show core last-good",
        "archive diff core 41 42",
        "archive prune",
        "backup",
        "state bootstrap --credentials /run/user/1000/new-keys",
        "state unlock core --reason \"its runner was lost\"",
        "state doctor",
        "state restore core last-good",
        "state recover core",
        "state rekey core",
        "state escrow keys.escrow --recipients platform.pem",
        "state escrow keys.escrow --verify --identity platform-key.pem",
        "charts crds envoy-gateway",
        "nodes cordon lke1-2-3 --reason \"kernel update\"",
        "nodes drain lke1-2-3 --reason \"kernel update\" --check",
        "nodes uncordon lke1-2-3",
        "completion bash",
    ];

    private static readonly HashSet<string> _differing = ["drift", "state restore"];

    /// <summary>The examples of a command: those whose first words are its name.</summary>
    public static IEnumerable<string> ExamplesOf(string name) =>
        _examples.Where(example => $"{example} ".StartsWith($"{name} ", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var width = terminal ? Math.Clamp(Console.WindowWidth, Narrowest, Width) : Width;
        _ = new HelpAction { MaxWidth = width }.Invoke(parseResult);
        var result = parseResult.CommandResult;
        if (result.Command.Subcommands.Count > 0)
            return ExitCode.Done;
        var name = CommandLine.NameOf(result);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in ExamplesOf(name))
            output.WriteLine($"  {Program} {example}");
        output.WriteLine();
        output.WriteLine("Exit codes:");
        var differs = _differing.Contains(name) ? ", 2 something differs" : "";
        output.WriteLine($"  0 done, 1 failed{differs}, 64 wrong usage, 130 stopped, 143 terminated");
        output.WriteLine();
        return ExitCode.Done;
    }
}
