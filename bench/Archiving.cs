using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Amazon.S3.Model;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Bench;

/// <summary>
/// Measures the time that the archive adds to an apply, and the time of a list, on the store in AWS_ENDPOINT_URL_S3.
/// </summary>
internal static class Archiving
{
    private const int Versions = 30;
    private const int Megabytes = 5;

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync(string directory, int rounds)
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        foreach (var stack in StackNames.Waves(Inventory.Platform).SelectMany(wave => wave))
            System.Environment.SetEnvironmentVariable(StateKeys.VariableOf(stack), StateKey.Generate().Base64);
        var workspace = WorkspaceOf(mark, directory);
        var (platform, environment) = (workspace.Platform, workspace.Environment);
        var stacks = StackNames.Waves(platform).SelectMany(wave => wave).ToList();
        using var buckets = StateBuckets.Open(platform, environment);
        await buckets.Live.Client.PutBucketAsync(platform.State.Bucket);
        await buckets.Live.Client.PutBucketAsync(
            new PutBucketRequest { BucketName = platform.State.ArchiveBucket, ObjectLockEnabledForBucket = true }
        );
        var key = buckets.Keys.Of(StackNames.Core);
        using var archiver = StackArchiver.Open(workspace, Console.WriteLine);

        foreach (var stack in stacks)
        {
            var path = Directory.CreateDirectory(Path.Combine(workspace.Output, "stacks", stack)).FullName;
            await File.WriteAllTextAsync(Path.Combine(path, StackDirectory.FileName), "{}");
            for (var serial = 1; serial <= Versions; serial++)
                await ApplyAsync(stack, serial, kilobytes: 20);
        }
        var large = State(100, Megabytes * 1000);
        var transfer = await BestAsync(rounds, async _ => await PutAsync("transfer", large));
        var archive = await BestAsync(rounds, async round => await ApplyAsync(StackNames.Core, 100 + round, Megabytes * 1000));
        var listed = 0;
        var list = await BestAsync(
            rounds,
            async _ =>
                listed = (
                    await Task.WhenAll(stacks.Select(stack => archiver.Archive.ListAsync(stack, CancellationToken.None)))
                ).Sum(entries => entries.Count)
        );
        var processor = double.MaxValue;
        var command = await BestAsync(
            rounds,
            async _ =>
            {
                var self = typeof(Archiving).Assembly.Location;
                using var process = Process.Start(
                    new ProcessStartInfo("dotnet", [self, "list", mark, directory]) { RedirectStandardError = true }
                )!;
                var used = await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync();
                processor = Math.Min(processor, double.Parse(used, CultureInfo.InvariantCulture));
                if (process.ExitCode != ExitCode.Done)
                    throw new InvalidOperationException("\"archive list\" failed");
            }
        );
        Console.WriteLine($"milliseconds, best of {rounds}");
        Print($"write {Megabytes} MB to the store, nothing else", transfer);
        Print(
            $"archive a state of {Megabytes} MB, {Versions} versions there, prune one",
            archive,
            $"{archive / transfer:F1} times the write"
        );
        Print($"list {listed} versions of {stacks.Count} stacks", list, $"{list / listed:F1} per version");
        Print("the same with \"archive list\", in a separate process", command, $"{processor:F0} of CPU time");
        Print("peak memory, MB", Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0);

        static void Print(string what, double value, string ratio = "") =>
            Console.WriteLine($"{what, -58}{value, 6:F0}   {ratio}".TrimEnd());

        Task ApplyAsync(string stack, long serial, int kilobytes) =>
            archiver.ApplyAsync(
                workspace.Stack(stack),
                new(),
                () => PutAsync(stack, State(serial, kilobytes)),
                CancellationToken.None
            );

        Task PutAsync(string stack, byte[] state) =>
            buckets.Live.PutAsync(
                StateAddress.Of(platform, stack).Key,
                new MemoryStream(state),
                buckets.Keys.Find(stack) ?? key,
                new(),
                CancellationToken.None
            );
    }

    /// <summary>
    /// Runs <c>archive list</c>, as the program does, on the data of <see cref="RunAsync"/>, and writes its CPU time in
    /// milliseconds.
    /// </summary>
    public static async Task<int> ListAsync(string mark, string directory)
    {
        var code = await CommandLine.RunAsync(
            ["state", "list"],
            () => WorkspaceOf(mark, directory),
            TextWriter.Null,
            Console.Error
        );
        Console.Error.Write(System.Environment.CpuUsage.TotalTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        return code;
    }

    private static Workspace WorkspaceOf(string mark, string directory)
    {
        var variables = System
            .Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        // The store is on this machine. No Terraform runs, but the program requires that both variables agree.
        variables[BucketAddress.RedirectVariable] = BucketAddress.Redirect(variables[BucketAddress.EndpointVariable]);
        var shipped = Inventory.Platform;
        return new()
        {
            Platform = shipped with
            {
                State = shipped.State with { Bucket = $"bench-live-{mark}", ArchiveBucket = $"bench-archive-{mark}" },
            },
            Synthesize = (_, _) => { },
            Directory = directory,
            Output = Path.Combine(directory, "cdktf.out"),
            Environment = variables,
        };
    }

    // One kilobyte per object.
    private static byte[] State(long serial, int kilobytes)
    {
        var text = new string('x', 880);
        var resources = Enumerable
            .Range(0, kilobytes)
            .Select(number => new
            {
                mode = "managed",
                type = "kubernetes_config_map_v1",
                name = $"c{number}",
                instances = new[] { new { attributes = new { id = $"{number}", text } } },
            });
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = 4,
                terraform_version = "1.11.4",
                serial,
                lineage = "bench",
                outputs = new { },
                resources,
            }
        );
    }

    private static async Task<double> BestAsync(int rounds, Func<int, Task> run)
    {
        var best = double.MaxValue;
        for (var round = 1; round <= rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await run(round);
            best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
        }
        return best;
    }
}
