using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>Pruning keeps 30 of 35 versions, every locked entry and the newest good version. It reports locked entries.</summary>
[Trait("Level", "real")]
public sealed class PruningTests
{
    [Fact]
    public async Task Prune_keeps_only_the_newest_30_of_35_versions()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        for (var serial = 1; serial <= 35; serial++)
            Assert.Equal(ArchivePlace.Archive, (await fixture.ApplyAsync(serial)).Place);

        Assert.Equal(
            Enumerable.Range(6, 30).Reverse().Select(serial => (long)serial),
            (await fixture.ListAsync()).Select(entry => entry.Manifest.Serial)
        );
        await fixture.RequireAllWholeAsync();
        // Three objects for each entry, and no version or delete marker of the removed entries.
        Assert.Equal(30 * 3, (await fixture.VersionsAsync(ArchiveFixture.Stack)).Count);
        // The audit records of all applies are kept.
        Assert.Equal(35, (await fixture.Archive.Audit.ListAsync(ArchiveFixture.Stack, CancellationToken.None)).Count);
        Assert.Empty(fixture.Said);
    }

    [Fact]
    public async Task Prune_keeps_and_reports_a_locked_entry()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        for (var serial = 1; serial <= 4; serial++)
            await fixture.ApplyAsync(serial);
        await HoldAsync(fixture, 1, "state", ObjectLockLegalHoldStatus.On);
        await RetainAsync(fixture, 2, "configuration");

        var report = await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 1, CancellationToken.None);

        Assert.Equal([3L], report.Removed.Select(VersionId.SerialOf));
        Assert.Equal(3, report.Kept);
        Assert.Equal([2L, 1L], report.Locked.Select(locked => VersionId.SerialOf(locked.Version)));
        Assert.Equal("state: legal hold", report.Locked[1].Lock);
        Assert.StartsWith("configuration: governance until ", report.Locked[0].Lock, StringComparison.Ordinal);
        await fixture.RequireAllWholeAsync();

        await HoldAsync(fixture, 1, "state", ObjectLockLegalHoldStatus.Off);
        var once = fixture.Workspace with
        {
            Platform = fixture.Workspace.Platform with { State = fixture.Workspace.Platform.State with { Versions = 1 } },
        };
        var (_, output, error) = await fixture.RunAsync($"archive prune {ArchiveFixture.Stack} --json", once);
        var said = JsonNode.Parse(output)!["stacks"]![0]!;
        Assert.Equal(
            (2, 1, 1),
            (said["kept"]!.GetValue<int>(), said["removed"]!.AsArray().Count, said["locked"]!.AsArray().Count)
        );
        Assert.Contains("is locked (configuration: governance until", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prune_keeps_the_newest_good_version_after_many_failures()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        for (var serial = 2; serial <= 6; serial++)
            await fixture.Archive.AddAsync(fixture.Draft(serial, ApplyOutcome.Failed), CancellationToken.None);

        await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 2, CancellationToken.None);

        Assert.Equal([6L, 5L, 1L], (await fixture.ListAsync()).Select(entry => entry.Manifest.Serial));
        await fixture.RequireAllWholeAsync();
    }

    private static async Task<StoredObject> ObjectAsync(ArchiveFixture fixture, int serial, string part) =>
        (await fixture.VersionsAsync(ArchiveFixture.Stack)).Single(item =>
            item.Key.EndsWith($"/{part}", StringComparison.Ordinal)
            && item.Key.Contains($"/{serial:D10}-", StringComparison.Ordinal)
        );

    private static async Task HoldAsync(ArchiveFixture fixture, int serial, string part, ObjectLockLegalHoldStatus status)
    {
        var item = await ObjectAsync(fixture, serial, part);
        await fixture.Bucket.Client.PutObjectLegalHoldAsync(
            new()
            {
                BucketName = fixture.Bucket.Address.Name,
                Key = item.Key,
                VersionId = item.Version,
                LegalHold = new() { Status = status },
                ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            }
        );
    }

    private static async Task RetainAsync(ArchiveFixture fixture, int serial, string part)
    {
        var item = await ObjectAsync(fixture, serial, part);
        await fixture.Bucket.Client.PutObjectRetentionAsync(
            new()
            {
                BucketName = fixture.Bucket.Address.Name,
                Key = item.Key,
                VersionId = item.Version,
                Retention = new() { Mode = ObjectLockRetentionMode.Governance, RetainUntilDate = DateTime.UtcNow.AddDays(2) },
            }
        );
    }
}
