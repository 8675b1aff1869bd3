using System.Collections;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Synthesis;

// Parse, call, print: everything else is a library that tests call. cdktf.json calls this program without arguments: it then
// synthesizes into the directory of cdktf-cli (CDKTF_OUTDIR). INFRACDKTF_INVENTORY selects an inventory other than this
// repository's (docs/commands.md).
var variables = System
    .Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

string[] words = args is [] ? ["synth"] : args;
StartupProfile.Use(words[0]);
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
        Output = Path.GetFullPath(variables.GetValueOrDefault("CDKTF_OUTDIR") is { Length: > 0 } given ? given : "cdktf.out"),
        Environment = variables,
        Input = Console.IsInputRedirected ? Console.In : null,
    };
}
