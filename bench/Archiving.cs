using System.Collections;
using System.Diagnostics;
using System.Text.Json;
using Amazon.S3.Model;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline;
using InfraCdktf.Pipeline.Archiving;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Stacks;

namespace InfraCdktf.Bench;

/// <summary>What the archive adds to an apply, and how long a list takes, on the store that AWS_ENDPOINT_URL_S3 names.</summary>
internal static class Archiving
{
    private const int Versions = 30;
    private const int Megabytes = 5;

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync(string directory, int rounds)
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var shipped = Inventory.Platform;
        var platform = shipped with
        {
            State = shipped.State with { Bucket = $"bench-live-{mark}", ArchiveBucket = $"bench-archive-{mark}" },
        };
        var stacks = StackOrder.Waves(platform).SelectMany(wave => wave).ToList();
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>();
        var environment = variables.ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        foreach (var stack in stacks)
            environment[StateKeys.VariableOf(stack)] = StateKey.Generate().Base64;
        var workspace = new Workspace
        {
            Platform = platform,
            Synthesize = (_, _) => { },
            Directory = directory,
            Output = Path.Combine(directory, "cdktf.out"),
            Environment = environment,
        };
        using var buckets = StateBuckets.Open(platform, environment);
        await buckets.Live.Client.PutBucketAsync(platform.State.Bucket);
        await buckets.Live.Client.PutBucketAsync(
            new PutBucketRequest { BucketName = platform.State.ArchiveBucket, ObjectLockEnabledForBucket = true }
        );
        var key = buckets.Keys.Of(StackOrder.Core);
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
        var archive = await BestAsync(rounds, async round => await ApplyAsync(StackOrder.Core, 100 + round, Megabytes * 1000));
        var listed = 0;
        var list = await BestAsync(
            rounds,
            async _ =>
                listed = (
                    await Task.WhenAll(stacks.Select(stack => archiver.Archive.ListAsync(stack, CancellationToken.None)))
                ).Sum(entries => entries.Count)
        );
        Console.WriteLine($"milliseconds, best of {rounds}");
        Console.WriteLine($"write {Megabytes} MB to the store, nothing else              {transfer, 6:F0}");
        Console.WriteLine(
            $"archive a state of {Megabytes} MB, {Versions} versions there, one goes  {archive, 6:F0}   {archive / transfer:F1} times the write"
        );
        Console.WriteLine(
            $"list {listed} versions of {stacks.Count} stacks                       {list, 6:F0}   {list / listed:F1} a version"
        );
        Console.WriteLine(
            $"most memory                                        {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, 6:F0} MB"
        );

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

    // A kilobyte an object.
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
