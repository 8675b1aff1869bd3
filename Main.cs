using System.Collections;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Synthesis;

// Parse, call, print: everything else is a library that tests call. Without arguments this is what cdktf.json calls: synthesize, where
// cdktf-cli says (CDKTF_OUTDIR). INFRACDKTF_INVENTORY points at another inventory than this repository's (docs/commands.md).
var variables = System
    .Environment.GetEnvironmentVariables()
    .Cast<DictionaryEntry>()
    .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

using var jsii = new JsiiRuntime(variables.GetValueOrDefault("PATH", ""));
return await CommandLine.RunAsync(args is [] ? ["synth"] : args, OpenWorkspace, Console.Out, Console.Error);

Workspace OpenWorkspace() =>
    new()
    {
        Platform = InventoryChoice.Platform(variables.GetValueOrDefault("INFRACDKTF_INVENTORY")),
        Synthesize = jsii.Synth,
        Directory = Directory.GetCurrentDirectory(),
        Output = Path.GetFullPath(variables.GetValueOrDefault("CDKTF_OUTDIR") is { Length: > 0 } given ? given : "cdktf.out"),
        Environment = variables,
    };
