using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>The archive on a real RADOS Gateway: what is there, what is locked, what goes, and what nobody can read.</summary>
[Trait("Level", "real")]
public sealed class ArchiveTests
{
    [SkippableFact]
    public async Task An_entry_comes_back_as_it_was_with_the_configuration_it_came_from()
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
        Assert.Equal((1, 2.0, "somebody"), (found.Manifest.Resources, found.Manifest.DurationSeconds, found.Manifest.Actor));
        Assert.Equal(fixture.Keys.Of(ArchiveFixture.Stack).Fingerprint, found.Manifest.KeyFingerprint);
    }

    [SkippableFact]
    public async Task The_same_thing_twice_is_one_entry_and_another_configuration_is_another()
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

    [SkippableFact]
    public async Task A_failed_apply_that_is_repeated_and_succeeds_makes_its_entry_good_and_no_failure_takes_that_away()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        foreach (var outcome in (ApplyOutcome[])[ApplyOutcome.Failed, ApplyOutcome.Succeeded, ApplyOutcome.Failed])
            await fixture.Archive.AddAsync(fixture.Draft(1, outcome), CancellationToken.None);

        Assert.Equal(ApplyOutcome.Succeeded, Assert.Single(await fixture.ListAsync()).Manifest.Outcome);
        await fixture.RequireAllWholeAsync();
    }

    [SkippableFact]
    public async Task Each_apply_leaves_a_record_that_nobody_can_delete_for_90_days_and_the_parts_are_not_locked()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        await fixture.Archive.AddAsync(fixture.Draft(1), CancellationToken.None);

        var record = Assert.Single(await fixture.Archive.Audit.ListAsync(ArchiveFixture.Stack, CancellationToken.None));
        Assert.Equal(("apply", "somebody", Manifests.Day.AddMinutes(1)), (record.Kind, record.Actor, record.At));
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

        // The owner of the bucket, with the right to bypass: compliance is what holds.
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

    [SkippableFact]
    public async Task Without_the_key_nothing_is_to_be_read()
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

    [SkippableFact]
    public async Task A_version_that_is_not_there_or_not_clear_is_answered_with_what_there_is()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        Assert.Contains("There is none at all", await RefusedAsync("last-good"), StringComparison.Ordinal);

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
        Assert.Contains("Give more of it", await RefusedAsync("1"), StringComparison.Ordinal);

        async Task<string> RefusedAsync(string version) =>
            (
                await Assert.ThrowsAsync<PipelineException>(() =>
                    fixture.Archive.FindAsync(ArchiveFixture.Stack, version, CancellationToken.None)
                )
            ).Message;
    }

    [SkippableFact]
    public async Task What_somebody_changed_in_the_archive_is_seen_and_mended_by_archiving_again()
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
        Assert.Contains(problems, problem => problem.Contains("the state is not what was written", StringComparison.Ordinal));
        Assert.Contains(
            problems,
            problem => problem.Contains("the configuration is not in the archive", StringComparison.Ordinal)
        );
        Assert.Contains(problems, problem => problem.Contains("manifest cannot be read", StringComparison.Ordinal));
        var shown = await fixture.RunAsync($"state show {ArchiveFixture.Stack} 1");
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

    [SkippableFact]
    public async Task Half_entries_are_no_entries_and_go_after_an_hour()
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
        StateArchive later = new StateArchive(fixture.Bucket, fixture.Keys, auditDays: 90, new LaterTime(TimeSpan.FromMinutes(61)));

        Assert.Single(await fixture.ListAsync());
        Assert.Equal(1, await fixture.Archive.IncompleteEntriesAsync(ArchiveFixture.Stack, CancellationToken.None));
        Assert.Equal(0, (await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 30, CancellationToken.None)).Halves);
        Assert.Equal(1, (await later.PruneAsync(ArchiveFixture.Stack, 30, CancellationToken.None)).Halves);
        Assert.Equal(3, (await fixture.VersionsAsync(ArchiveFixture.Stack)).Count);
        Assert.Equal(0, await fixture.Archive.IncompleteEntriesAsync(ArchiveFixture.Stack, CancellationToken.None));
    }

    [SkippableFact]
    public async Task An_archive_out_of_reach_is_said_the_entry_waits_sealed_and_the_next_run_sends_it()
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

        // With how it went: a backup of the state alone would not know.
        var sent = await fixture.RunAsync($"backup {ArchiveFixture.Stack}");

        Assert.Equal(ExitCode.Done, sent.Code);
        Assert.Empty(Directory.GetFiles(fixture.Workspace.QueueDirectory));
        Assert.Equal(ApplyOutcome.Failed, Assert.Single(await fixture.ListAsync()).Manifest.Outcome);
    }

    [SkippableFact]
    public async Task A_failed_apply_is_archived_as_such_and_its_failure_goes_on()
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

    [SkippableFact]
    public async Task A_state_that_cannot_be_archived_is_said_after_an_apply_and_hides_no_failure()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        using var archiver = fixture.Archiver();
        await fixture.PutLiveAsync("{ cut"u8.ToArray());

        var applied = await Assert.ThrowsAsync<PipelineException>(() =>
            archiver.ApplyAsync(fixture.Directory, new(), () => Task.CompletedTask, CancellationToken.None)
        );
        Assert.Contains("NOT in the archive: The state is no state", applied.Message, StringComparison.Ordinal);
        Assert.Contains($"\"backup {ArchiveFixture.Stack}\"", applied.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArithmeticException>(() =>
            archiver.ApplyAsync(fixture.Directory, new(), () => throw new ArithmeticException("odd"), CancellationToken.None)
        );
        Assert.Contains("NOT in the archive", Assert.Single(fixture.Said), StringComparison.Ordinal);
        Assert.Empty(await fixture.ListAsync());
    }

    [SkippableFact]
    public async Task An_entry_with_a_part_of_another_key_is_kept_because_nobody_can_ask_for_its_lock()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        for (var serial = 1; serial <= 2; serial++)
            await fixture.Archive.AddAsync(fixture.Draft(serial), CancellationToken.None);
        var part = (await fixture.VersionsAsync(ArchiveFixture.Stack)).First(item =>
            item.Key.EndsWith("/state", StringComparison.Ordinal)
        );
        await fixture.Bucket.PutAsync(part.Key, new MemoryStream([1]), StateKey.Generate(), new(), CancellationToken.None);

        var report = await fixture.Archive.PruneAsync(ArchiveFixture.Stack, 1, CancellationToken.None);

        Assert.Contains("cannot be asked without its state key", Assert.Single(report.Locked).Lock, StringComparison.Ordinal);
        Assert.Equal(2, report.Kept);
    }

    [SkippableFact]
    public async Task Backup_archives_what_was_applied_by_hand_once_and_lists_it_without_a_value()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var none = await fixture.RunAsync($"backup {ArchiveFixture.Stack}");
        await fixture.ApplyAsync(1);
        fixture.Configure("moved on"); // never applied
        var same = await fixture.RunAsync($"backup {ArchiveFixture.Stack} --json");
        await fixture.PutLiveAsync(ArchiveFixture.State(2));
        var first = await fixture.RunAsync($"backup {ArchiveFixture.Stack} --json");
        var second = await fixture.RunAsync($"backup {ArchiveFixture.Stack} --json");

        Assert.Equal($"{ArchiveFixture.Stack}: there is no state\n", none.Output);
        Assert.Equal(["thereAlready", "archive", "thereAlready"], new[] { same, first, second }.Select(run => Place(run.Output)));
        var entries = await fixture.ListAsync();
        Assert.Equal([ApplyOutcome.Backup, ApplyOutcome.Succeeded], entries.Select(entry => entry.Manifest.Outcome));

        var list = await fixture.RunAsync($"state list {ArchiveFixture.Stack}");
        foreach (var text in (string[])[entries[0].Version, entries[1].Version, "somebody", "01234567", "backup", "succeeded"])
            Assert.Contains(text, list.Output, StringComparison.Ordinal);
        var show = await fixture.RunAsync($"state show {ArchiveFixture.Stack} 2");
        Assert.Equal(ExitCode.Done, show.Code);
        Assert.Contains("  kubernetes_namespace_v1.space\nEvery digest holds.", show.Output, StringComparison.Ordinal);
        var difference = await fixture.RunAsync($"state diff {ArchiveFixture.Stack} 1 last-good --json");
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
