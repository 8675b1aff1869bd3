using System.Collections;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Sandbox;
using InfraCdktf.Synthesis;

// Parse, call, print: everything else is a library that tests call. cdktf.json calls this program without arguments: it then
// synthesizes into the directory of cdktf-cli (CDKTF_OUTDIR). INFRACDKTF_INVENTORY selects an inventory other than this
// repository's (docs/commands.md).
var variables = System
    .Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

// The last resort: a fault on a thread of its own never reaches the command, and .NET would end the process with its stack trace.
AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
{
    Console.Error.WriteLine(FaultReport.Write("infra-cdktf", (Exception)fault.ExceptionObject));
    System.Environment.Exit(ExitCode.Failed);
};

string[] words = args is [] ? ["synth"] : args;
StartupProfile.Use(words[0]);
var sandbox = SandboxEnvironment.Of(variables);
if (sandbox is not null)
{
    // In a sandbox "terraform" is a program of the sandbox, for people. This program gives Terraform keys and variables itself.
    variables["PATH"] = SandboxEnvironment.WithoutTools(variables.GetValueOrDefault("PATH", ""), sandbox);
    System.Environment.SetEnvironmentVariable("PATH", variables["PATH"]);
}
using var jsii = new JsiiRuntime(variables.GetValueOrDefault("PATH", ""));
return await CommandLine.RunAsync(words, OpenWorkspace, Console.Out, Console.Error);

Workspace OpenWorkspace()
{
    var platform = InventoryChoice.Platform(variables.GetValueOrDefault("INFRACDKTF_INVENTORY"));
    return new()
    {
        Platform = platform,
        SharedServices = SharedServices.Needs,
        Synthesize = jsii.Synth,
        Directory = Directory.GetCurrentDirectory(),
        Files = sandbox?.FullPath ?? Directory.GetCurrentDirectory(),
        Output = Path.GetFullPath(
            variables.GetValueOrDefault("CDKTF_OUTDIR") is { Length: > 0 } given ? given : sandbox?.Output ?? "cdktf.out"
        ),
        Environment = variables,
        Input = Console.IsInputRedirected ? Console.In : null,
    };
}
