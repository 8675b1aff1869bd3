using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using InfraCdktf.Bench;

// dotnet run --project bench -c Release [-- <rounds>]: compares C# with TypeScript, each synthesis in a separate process.
// dotnet run --project bench -c Release -- archive: measures the archive, on the store in AWS_ENDPOINT_URL_S3.
// dotnet run --project bench -c Release -- rollback: measures a rollback of a large stack, in the sandbox.
var output = Directory.CreateTempSubdirectory("infra-cdktf-bench-").FullName;
try
{
    switch (args)
    {
        case ["namespaces", var resources, var folder]:
            Console.WriteLine(
                JsonSerializer.Serialize(Synthesis.OfNamespaces(int.Parse(resources, CultureInfo.InvariantCulture), folder))
            );
            return 0;
        case ["platform", var folder]:
            Console.WriteLine(JsonSerializer.Serialize(Synthesis.OfPlatform(folder)));
            return 0;
        case ["reach", var folder]:
            Console.WriteLine(JsonSerializer.Serialize(Reach.Of(folder)));
            return 0;
        case ["archive"]:
            await Archiving.RunAsync(output, rounds: 5);
            return 0;
        case ["list", var mark, var folder]:
            return await Archiving.ListAsync(mark, folder);
        case ["rollback"]:
            await RollingBack.RunAsync(output);
            return 0;
        case [] or [_] when int.TryParse(args.FirstOrDefault("5"), CultureInfo.InvariantCulture, out var rounds) && rounds > 0:
            Compare(rounds);
            return 0;
        default:
            Console.Error.WriteLine(
                "usage: dotnet run --project bench -c Release [-- <rounds, at least 1; default 5> | -- archive | -- rollback]"
            );
            return 64;
    }
}
finally
{
    Directory.Delete(output, recursive: true);
}

void Compare(int rounds)
{
    var script = Path.Combine(Repository(), "bench", "synthesize.mjs");
    var self = typeof(Synthesis).Assembly.Location;
    Console.WriteLine(
        $"{"milliseconds, best of " + rounds, -44}{"load", 8}{"make", 8}{"write", 8}{"process", 9}{"MB", 6}   C# / TypeScript"
    );

    var platform = Best(rounds, "dotnet", [self, "platform", output]);
    Print("the platform, C#", platform, null);
    var reach = Best(rounds, "dotnet", [self, "reach", output]);
    Print("allowed connections on it, C#", reach, null);
    static double Total(Phases phases) => phases.Load + phases.Make + phases.Write;
    Console.WriteLine(
        $"the allowed connections take {Total(reach.Phases) / Total(platform.Phases):P0} of the time of the synthesis"
    );
    foreach (var resources in new[] { ResourcesIn(output), 1000 })
    {
        var count = resources.ToString(CultureInfo.InvariantCulture);
        var typescript = Best(rounds, "node", [script, "index", count, output]);
        var lazy = Best(rounds, "node", [script, "lazy-index", count, output]);
        var csharp = Best(rounds, "dotnet", [self, "namespaces", count, output]);
        Print($"{resources} resources, TypeScript", typescript, null);
        Print($"{resources} resources, TypeScript, lazy index", lazy, null);
        Print($"{resources} resources, C#", csharp, csharp.Process / typescript.Process);
    }
    Console.WriteLine(
        """

        load: libraries and, for C#, jsii's Node.js process and a scan of all bound types. make: for C#, jsii's reflection over
        each object's members, then one message to Node.js and back. write: Terraform JSON. process: from start to exit.
        MB: without C#'s Node.js.
        Allowed connections: load reads the JSON, make evaluates every pair of endpoints for every class of ports,
        write creates the text.
        """
    );
}

static void Print(string what, (Phases Phases, double Process) run, double? ratio)
{
    var (p, process) = run;
    Console.WriteLine(
        $"{what, -44}{p.Load, 8:F0}{p.Make, 8:F0}{p.Write, 8:F0}{process, 9:F0}{p.Megabytes, 6:F0}   {ratio:F1}".TrimEnd()
    );
}

// The fastest run is least affected by other work of the machine.
static (Phases Phases, double Process) Best(int rounds, string command, string[] arguments) =>
    Enumerable.Range(0, rounds).Select(_ => Run(command, arguments)).MinBy(run => run.Process);

static (Phases Phases, double Process) Run(string command, string[] arguments)
{
    var clock = Stopwatch.StartNew();
    var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true };
    // The app sets the same variable for itself (NodeWarnings.cs).
    start.Environment["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "18,20,22,24";
    using var process = Process.Start(start)!;
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    var phases = JsonSerializer.Deserialize<Phases>(text, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    return (phases, clock.Elapsed.TotalMilliseconds);
}

// The number of resources of the platform, so that the comparison has the same size.
static int ResourcesIn(string folder) =>
    Directory
        .EnumerateFiles(folder, "cdk.tf.json", SearchOption.AllDirectories)
        .Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement)
        .Where(stack => stack.TryGetProperty("resource", out _))
        .Sum(stack => stack.GetProperty("resource").EnumerateObject().Sum(type => type.Value.EnumerateObject().Count()));

static string Repository()
{
    var folder = new DirectoryInfo(AppContext.BaseDirectory);
    while (!File.Exists(Path.Combine(folder.FullName, "InfraCdktf.csproj")))
        folder = folder.Parent ?? throw new InvalidOperationException("InfraCdktf.csproj was not found above the benchmark.");
    return folder.FullName;
}
