using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>The archive on a real RADOS Gateway: entries, locks, removal and encryption.</summary>
[Trait("Level", "real")]
public sealed class ArchiveTests
{
    [Fact]
    public async Task Entry_returns_its_state_and_configuration_unchanged()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var draft = fixture.Draft(42);

        var added = await fixture.Archive.AddAsync(draft, CancellationToken.None);
        var found = await fixture.Archive.FindAsync(ArchiveFixture.Stack, "42", CancellationToken.None);

        Assert.Equal(added.Manifest.ToBytes(), found.Manifest.ToBytes());
        Assert.Equal(ArchiveFixture.State(42), await fixture.Archive.ReadStateAsync(found, CancellationToken.None));
        var copy = Directory.CreateDirectory(Path.Combine(fixture.Workspace.Directory, "copy")).FullName;
        await fixture.Archive.ExtractAsync(found, copy, CancellationToken.None);
        Assert.Equal("first", File.ReadAllText(Path.Combine(copy, "assets", "values.yaml")));
        Assert.Empty(await fixture.Archive.VerifyAsync(found, CancellationToken.None));
        Assert.Equal((1, 2.0, "operator"), (found.Manifest.Resources, found.Manifest.DurationSeconds, found.Manifest.Actor));
        Assert.Equal(fixture.Keys.Of(ArchiveFixture.Stack).Fingerprint, found.Manifest.KeyFingerprint);
    }

    [Fact]
    public async Task Entry_is_the_same_for_equal_content_only()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        var before = await fixture.VersionsAsync(ArchiveFixture.Stack);

        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        Assert.Equal(before, await fixture.VersionsAsync(ArchiveFixture.Stack));

        fixture.Configure("second");
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        Assert.Equal([1L, 1L], (await fixture.ListAsync()).Select(entry => entry.Manifest.Serial));
    }

    [Fact]
    public async Task Entry_becomes_good_when_the_repeated_apply_succeeds()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        foreach (var outcome in (ApplyOutcome[])[ApplyOutcome.Failed, ApplyOutcome.Succeeded, ApplyOutcome.Failed])
            await fixture.Archive.AddAsync(fixture.Draft(1, outcome), CancellationToken.None);

        Assert.Equal(ApplyOutcome.Succeeded, Assert.Single(await fixture.ListAsync()).Manifest.Outcome);
        await fixture.RequireAllWholeAsync();
    }

    [Fact]
    public async Task Audit_record_is_locked_for_90_days_and_parts_are_not()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);

        var record = Assert.Single(await fixture.Archive.Audit.ListAsync(ArchiveFixture.Stack, CancellationToken.None));
        Assert.Equal(("apply", "operator", Manifests.Day.AddMinutes(1)), (record.Kind, record.Actor, record.At));
        Assert.Equal(1, record.Body.GetProperty("serial").GetInt64());
        var stored = Assert.Single(await fixture.VersionsAsync("audit/"));
        var lockedFor = await fixture.Bucket.LockAsync(
            stored.Key,
            stored.Version,
            fixture.Keys.AllOf(ArchiveFixture.Stack),
            CancellationToken.None
        );
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"compliance until {DateTime.UtcNow.AddDays(90):yyyy-MM-dd}"),
            lockedFor
        );

        // The bucket's owner may bypass governance mode. Only compliance mode prevents this deletion.
        await Assert.ThrowsAsync<StorageException>(() =>
            fixture.Bucket.CallAsync(
                "delete",
                stored.Key,
                () =>
                    fixture.Bucket.Client.DeleteObjectAsync(
                        new()
                        {
                            BucketName = fixture.Bucket.Address.Name,
                            Key = stored.Key,
                            VersionId = stored.Version,
                            BypassGovernanceRetention = true,
                        }
                    )
            )
        );
        foreach (var part in await fixture.VersionsAsync(ArchiveFixture.Stack))
            Assert.Null(
                await fixture.Bucket.LockAsync(
                    part.Key,
                    part.Version,
                    fixture.Keys.AllOf(ArchiveFixture.Stack),
                    CancellationToken.None
                )
            );
    }

    [Fact]
    public async Task Archive_objects_are_refused_without_the_key()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);

        var all = await fixture.VersionsAsync("");
        Assert.Equal(4, all.Count);
        foreach (var item in all)
        foreach (var key in (StateKey?[])[null, StateKey.Generate()])
        {
            var refused = await Assert.ThrowsAsync<StorageException>(() =>
                fixture.Bucket.GetAsync(item.Key, key, item.Version, CancellationToken.None)
            );
            Assert.Equal(StorageFault.StateKey, refused.Fault);
        }
    }

    [Fact]
    public async Task Find_lists_the_versions_for_a_missing_or_ambiguous_one()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        Assert.Contains("The archive has no version of this stack", await RefusedAsync("last-good"), StringComparison.Ordinal);

        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        await fixture.Archive.AddAsync(fixture.Draft(2), CancellationToken.None);
        await fixture.Archive.AddAsync(fixture.Draft(3, ApplyOutcome.Failed), CancellationToken.None);
        fixture.Configure("second");
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);

        Assert.Equal(
            2,
            (await fixture.Archive.FindAsync(ArchiveFixture.Stack, "last-good", CancellationToken.None)).Manifest.Serial
        );
        Assert.Contains("(Failed), 2-", await RefusedAsync("4"), StringComparison.Ordinal);
        Assert.Contains("Give more characters of the version", await RefusedAsync("1"), StringComparison.Ordinal);

        async Task<string> RefusedAsync(string version) =>
            (
                await Assert.ThrowsAsync<PipelineException>(() =>
                    fixture.Archive.FindAsync(ArchiveFixture.Stack, version, CancellationToken.None)
                )
            ).Message;
    }

    [Fact]
    public async Task Verify_reports_changed_entries_and_archiving_repairs_them()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var manifests = new List<ArchiveEntry>();
        foreach (var serial in (long[])[1, 2, 3])
            manifests.Add(await fixture.Archive.AddAsync(fixture.Draft(serial), CancellationToken.None));
        await OverwriteAsync(1, "state", "{}");
        await OverwriteAsync(2, "manifest.json", "{}");
        await fixture.Bucket.DeleteAsync(KeyOf(3, "configuration"), version: null, CancellationToken.None);

        var entries = await fixture.ListAsync();
        var problems = new List<string>();
        foreach (var entry in entries)
            problems.Add(Assert.Single(await fixture.Archive.VerifyAsync(entry, CancellationToken.None)));
        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.Contains("the state is damaged", StringComparison.Ordinal));
        Assert.Contains(
            problems,
            problem => problem.Contains("the configuration is missing in the archive", StringComparison.Ordinal)
        );
        Assert.Contains(problems, problem => problem.Contains("manifest cannot be read", StringComparison.Ordinal));
        var shown = await fixture.RunAsync($"archive show {ArchiveFixture.Stack} 1");
        Assert.Equal(ExitCode.Failed, shown.Code);
        Assert.DoesNotContain("hunter2", shown.Output, StringComparison.Ordinal);

        foreach (var serial in (long[])[1, 2, 3])
            await fixture.Archive.AddAsync(fixture.Draft(serial), CancellationToken.None);
        await fixture.RequireAllWholeAsync();
        Assert.Equal([3L, 2L, 1L], (await fixture.ListAsync()).Select(entry => entry.Manifest.Serial));

        string KeyOf(int serial, string part) =>
            $"{ArchiveFixture.Stack}/entries/{VersionId.ToKey(manifests[serial - 1].Version)}/{part}";

        Task OverwriteAsync(int serial, string part, string text) =>
            fixture.Bucket.PutAsync(
                KeyOf(serial, part),
                new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
                fixture.Keys.Of(ArchiveFixture.Stack),
                new(),
                CancellationToken.None
            );
    }

    [Fact]
    public async Task Digest_of_an_older_entry_is_read_from_its_configuration()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var draft = fixture.Draft(1);
        await fixture.Archive.AddAsync(
            draft with
            {
                Manifest = draft.Manifest with { ConfigurationDigest = null },
            },
            CancellationToken.None
        );

        var entries = await fixture.Archive.WithDigestsAsync(await fixture.ListAsync(), CancellationToken.None);

        Assert.Equal(StackPackage.Pack(fixture.Directory.Path).Digest, Assert.Single(entries).Manifest.ConfigurationDigest);
    }

    [Fact]
    public async Task Last_good_never_skips_an_unreadable_newest_version()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        var newest = await fixture.Archive.AddAsync(fixture.Draft(2), CancellationToken.None);
        var folder = $"{ArchiveFixture.Stack}/entries/{VersionId.ToKey(newest.Version)}/manifest.json";
        await fixture.Bucket.PutAsync(
            folder,
            new MemoryStream([1]),
            fixture.Keys.Of(ArchiveFixture.Stack),
            new(),
            CancellationToken.None
        );

        var error = await Assert.ThrowsAsync<PipelineException>(() =>
            fixture.Archive.FindAsync(ArchiveFixture.Stack, StateArchive.LastGood, CancellationToken.None)
        );

        Assert.Contains($"the newest version, {newest.Version}, cannot be read.", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await fixture.Archive.FindAsync(ArchiveFixture.Stack, "1", default)).Version.Split('-')[0]);
    }

    [Fact]
    public async Task Incomplete_entries_are_unlisted_and_pruned_after_an_hour()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);
        var half = $"{ArchiveFixture.Stack}/entries/{VersionId.ToKey(fixture.Draft(2).Manifest.Version)}/state";
        await fixture.Bucket.PutAsync(
            half,
            new MemoryStream([1]),
            fixture.Keys.Of(ArchiveFixture.Stack),
            new(),
            CancellationToken.None
        );
        var later = new StateArchive(
            fixture.Bucket,
            fixture.Keys,
            auditDays: 90,
            new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(61))
        );

        Assert.Single(await fixture.ListAsync());
        Assert.Equal(1, await fixture.Archive.IncompleteEntriesAsync(ArchiveFixture.Stack, CancellationToken.None));
        Assert.Equal(0, (await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 30, CancellationToken.None)).IncompleteEntries);
        Assert.Equal(1, (await later.PruneAsync(ArchiveFixture.Stack, 30, CancellationToken.None)).IncompleteEntries);
        Assert.Equal(3, (await fixture.VersionsAsync(ArchiveFixture.Stack)).Count);
        Assert.Equal(0, await fixture.Archive.IncompleteEntriesAsync(ArchiveFixture.Stack, CancellationToken.None));
    }

    [Fact]
    public async Task Unreachable_archive_queues_the_entry_for_the_next_run()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var broken = fixture.Workspace with
        {
            Platform = fixture.Workspace.Platform with
            {
                State = fixture.Workspace.Platform.State with { ArchiveBucket = "not-there" },
            },
        };
        await fixture.PutLiveAsync(ArchiveFixture.State(1));
        using (var archiver = fixture.Archiver(broken))
        {
            var archived = await archiver.ApplyAsync(
                fixture.Directory,
                new() { Outcome = ApplyOutcome.Failed },
                () => Task.CompletedTask,
                CancellationToken.None
            );
            Assert.Equal(ArchivePlace.Queue, archived.Place);
            Assert.Single(archiver.Queue.Pending);
        }
        Assert.Contains("NOT in the archive yet", Assert.Single(fixture.Said), StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(fixture.Workspace.QueueDirectory));
        Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, (await fixture.RunAsync($"backup {ArchiveFixture.Stack}", broken)).Code);

        // The queued entry has the outcome. A backup of only the state would not know it.
        var sent = await fixture.RunAsync($"backup {ArchiveFixture.Stack}");

        Assert.Equal(ExitCode.Done, sent.Code);
        Assert.Empty(Directory.GetFiles(fixture.Workspace.QueueDirectory));
        Assert.Equal(ApplyOutcome.Failed, Assert.Single(await fixture.ListAsync()).Manifest.Outcome);
    }

    [Fact]
    public async Task Failed_apply_is_archived_and_its_exception_is_kept()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        using var archiver = fixture.Archiver();

        var failure = await Assert.ThrowsAsync<TerraformException>(() =>
            archiver.ApplyAsync(
                fixture.Directory,
                new() { PlanDigest = "abc" },
                async () =>
                {
                    await fixture.PutLiveAsync(ArchiveFixture.State(5));
                    throw new TerraformException(ArchiveFixture.Stack, "apply", "no");
                },
                CancellationToken.None
            )
        );

        Assert.Equal("no", failure.Error);
        var manifest = Assert.Single(await fixture.ListAsync()).Manifest;
        Assert.Equal((ApplyOutcome.Failed, 5, "abc"), (manifest.Outcome, manifest.Serial, manifest.PlanDigest));
    }

    [Fact]
    public async Task Unarchivable_state_is_reported_and_hides_no_failure()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        using var archiver = fixture.Archiver();
        await fixture.PutLiveAsync("{ cut"u8.ToArray());

        var applied = await Assert.ThrowsAsync<PipelineException>(() =>
            archiver.ApplyAsync(fixture.Directory, new(), () => Task.CompletedTask, CancellationToken.None)
        );
        Assert.Contains("NOT in the archive: The state is not valid", applied.Message, StringComparison.Ordinal);
        Assert.Contains($"\"backup {ArchiveFixture.Stack}\"", applied.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArithmeticException>(() =>
            archiver.ApplyAsync(fixture.Directory, new(), () => throw new ArithmeticException("odd"), CancellationToken.None)
        );
        Assert.Contains("NOT in the archive", Assert.Single(fixture.Said), StringComparison.Ordinal);
        Assert.Empty(await fixture.ListAsync());
    }

    [Fact]
    public async Task Prune_keeps_an_entry_with_a_part_of_another_key()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        for (var serial = 1; serial <= 2; serial++)
            await fixture.Archive.AddAsync(fixture.Draft(serial), CancellationToken.None);
        var part = (await fixture.VersionsAsync(ArchiveFixture.Stack)).First(item =>
            item.Key.EndsWith("/state", StringComparison.Ordinal)
        );
        await fixture.Bucket.PutAsync(part.Key, new MemoryStream([1]), StateKey.Generate(), new(), CancellationToken.None);

        var report = await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 1, CancellationToken.None);

        Assert.Contains("its lock cannot be read", Assert.Single(report.Locked).Lock, StringComparison.Ordinal);
        Assert.Equal(2, report.Kept);
    }

    [Fact]
    public async Task Backup_archives_a_manual_apply_once_and_lists_no_value()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var none = await fixture.RunAsync($"backup {ArchiveFixture.Stack}");
        await fixture.ApplyAsync(1);
        fixture.Configure("moved on"); // this configuration is never applied
        var same = await fixture.RunAsync($"backup {ArchiveFixture.Stack} --json");
        await fixture.PutLiveAsync(ArchiveFixture.State(2));
        var first = await fixture.RunAsync($"backup {ArchiveFixture.Stack} --json");
        var second = await fixture.RunAsync($"backup {ArchiveFixture.Stack} --json");

        Assert.Equal($"{ArchiveFixture.Stack}: no state to archive\n", none.Output);
        Assert.Equal(["thereAlready", "archive", "thereAlready"], new[] { same, first, second }.Select(run => Place(run.Output)));
        var entries = await fixture.ListAsync();
        Assert.Equal([ApplyOutcome.Backup, ApplyOutcome.Succeeded], entries.Select(entry => entry.Manifest.Outcome));

        var list = await fixture.RunAsync($"archive list {ArchiveFixture.Stack}");
        foreach (var text in (string[])[entries[0].Version, entries[1].Version, "operator", "01234567", "backup", "succeeded"])
            Assert.Contains(text, list.Output, StringComparison.Ordinal);
        var show = await fixture.RunAsync($"archive show {ArchiveFixture.Stack} 2");
        Assert.Equal(ExitCode.Done, show.Code);
        Assert.Contains("  kubernetes_namespace_v1.space\nEvery digest is correct.", show.Output, StringComparison.Ordinal);
        var difference = await fixture.RunAsync($"archive diff {ArchiveFixture.Stack} 1 last-good --json");
        Assert.Equal(
            """[{"address":"kubernetes_namespace_v1.space","attributes":["id"]}]""",
            JsonNode.Parse(difference.Output)!["changed"]!.ToJsonString()
        );
        Assert.DoesNotContain(
            "hunter2",
            list.Output + show.Output + difference.Output + difference.Error,
            StringComparison.Ordinal
        );

        static string Place(string json) => JsonNode.Parse(json)!["stacks"]![0]!["place"]!.GetValue<string>();
    }
}
