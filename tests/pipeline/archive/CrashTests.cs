using System.Diagnostics;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>
/// A run is killed or cut off at any call of the store, before or after the store executes it. No listed version may be damaged,
/// and the next run must complete the work. A seeded sample of calls; all calls with LONG_TESTS=1.
/// </summary>
[Trait("Level", "real")]
public sealed class CrashTests(ITestOutputHelper log)
{
    private const int Sample = 4;

    [Fact]
    public async Task Backup_killed_at_any_call_is_completed_by_the_next()
    {
        var rgw = await Rgw.RequireAsync();
        using var fixture = await OfShippedInventoryAsync(rgw);
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        await fixture.PutLiveAsync(ArchiveFixture.State(2));
        var (whole, calls) = await BackupAsync(fixture, rgw, call: 0, Strike.BeforeTheCall);
        Assert.Equal(ExitCode.Done, whole);

        var serial = 2L;
        foreach (var (call, strike) in Chosen(calls))
        {
            // One old entry, as in the run that counted the calls.
            await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 1, CancellationToken.None);
            await fixture.PutLiveAsync(ArchiveFixture.State(++serial));
            var before = await SerialsAsync(fixture);
            var (code, _) = await BackupAsync(fixture, rgw, call, strike);
            var after = await SerialsAsync(fixture);
            log.WriteLine(
                $"call {call} of {calls}, {strike}: " + $"{(after.Count > before.Count ? "entry written" : "entry not written")}"
            );

            Assert.Equal(128 + 9, code);
            Assert.True(after.SequenceEqual(before) || after.SequenceEqual(before.Prepend(serial)), string.Join(", ", after));
            await fixture.RequireAllWholeAsync();

            var again = await fixture.RunAsync($"backup {ArchiveFixture.Stack}");
            Assert.True(again.Code == ExitCode.Done, again.Error);
            Assert.Equal(before.Prepend(serial), await SerialsAsync(fixture));
            Assert.Equal(0, await fixture.Archive.IncompleteEntriesAsync(ArchiveFixture.Stack, CancellationToken.None));
            Assert.Empty(Directory.GetFiles(fixture.Workspace.QueueDirectory));
            await fixture.RequireAllWholeAsync();
        }
    }

    [Fact]
    public async Task Prune_cut_off_at_any_call_is_completed_by_the_next()
    {
        var rgw = await Rgw.RequireAsync();
        using var fixture = await ArchiveFixture.StartAsync();
        var serial = 1L;
        await fixture.Archive.AddAsync(fixture.Draft(serial), CancellationToken.None);
        var calls = await PruneAsync(fixture, rgw, call: 0, Strike.BeforeTheCall, ++serial);
        foreach (var (call, strike) in Chosen(calls))
        {
            await PruneAsync(fixture, rgw, call, strike, ++serial);
            await fixture.RequireAllWholeAsync();

            var later = new StateArchive(
                fixture.Bucket,
                fixture.Keys,
                auditDays: 90,
                new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromHours(2))
            );
            await later.PruneAsync(ArchiveFixture.Stack, 1, CancellationToken.None);
            Assert.Equal([serial], await SerialsAsync(fixture));
            Assert.Equal(3, (await fixture.VersionsAsync(ArchiveFixture.Stack)).Count);
        }
    }

    private static IEnumerable<(int Call, Strike Strike)> Chosen(int calls)
    {
        var all =
            from call in Enumerable.Range(1, calls)
            from strike in Enum.GetValues<Strike>()
            // After the answer to the last call a run has no step left to kill.
            where call < calls || strike == Strike.BeforeTheCall
            select (call, strike);
        if (System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1")
            return all;
        return TestRandom.Create().GetItems(all.ToArray(), Sample).Distinct().Order();
    }

    private static async Task<IReadOnlyList<long>> SerialsAsync(ArchiveFixture fixture) =>
        [.. (await fixture.ListAsync()).Select(entry => entry.Manifest.Serial)];

    // The real program reads the buckets' names from its inventory.
    private static async Task<ArchiveFixture> OfShippedInventoryAsync(Rgw rgw)
    {
        var key = rgw.TenantKey();
        var store = new Dictionary<string, string>(rgw.Environment)
        {
            ["AWS_ACCESS_KEY_ID"] = key.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = key.SecretKey,
        };
        var platform = Inventory.Platform;
        using var client = new Bucket(BucketAddress.Live(platform, store), key);
        await client.Client.PutBucketAsync(platform.State.Bucket);
        await client.Client.PutBucketAsync(
            new Amazon.S3.Model.PutBucketRequest { BucketName = platform.State.ArchiveBucket, ObjectLockEnabledForBucket = true }
        );
        return ArchiveFixture.Of(platform, store);
    }

    private static async Task<(int Code, int Calls)> BackupAsync(ArchiveFixture fixture, Rgw rgw, int call, Strike strike)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(PlatformApp).Assembly.Location, "backup", ArchiveFixture.Stack])
        {
            WorkingDirectory = fixture.Workspace.Directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = new Process { StartInfo = start };
        using var proxy = new CrashingProxy(rgw.Endpoint, call, strike, process.Kill);
        start.Environment.Clear();
        foreach (var (name, value) in fixture.Workspace.Environment)
            start.Environment[name] = value;
        // A killed process leaves its temporary files, and would leave the sockets of the .NET runtime.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(fixture.Workspace.Directory, "temporary")).FullName;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment[BucketAddress.EndpointVariable] = proxy.Endpoint.ToString();
        start.Environment[BucketAddress.RedirectVariable] = BucketAddress.Redirect(proxy.Endpoint.ToString());
        start.Environment["CDKTF_OUTDIR"] = fixture.Workspace.Output;
        start.Environment["HOME"] = fixture.Workspace.Directory;
        process.Start();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = await output + await error;
        Assert.True(call > 0 || process.ExitCode == ExitCode.Done, said);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        return (process.ExitCode, proxy.Calls);
    }

    // One entry exceeds the count, and the connection to the store ends at a call.
    private static async Task<int> PruneAsync(ArchiveFixture fixture, Rgw rgw, int call, Strike strike, long serial)
    {
        await fixture.Archive.AddAsync(fixture.Draft(serial), CancellationToken.None);
        using var proxy = new CrashingProxy(rgw.Endpoint, call, strike, () => { });
        using var bucket = new Bucket(fixture.Bucket.Address with { Endpoint = proxy.Endpoint }, rgw.Owner);
        var archive = new StateArchive(bucket, fixture.Keys, auditDays: 90, TimeProvider.System);
        var prune = archive.PruneAsync(ArchiveFixture.Stack, 1, CancellationToken.None);
        if (call == 0)
            await prune;
        else
            await Assert.ThrowsAsync<StorageException>(() => prune);
        return proxy.Calls;
    }
}
