using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>state doctor and state unlock on a real RADOS Gateway: each illness is made, named with its remedy, and gone after it.</summary>
[Trait("Level", "real")]
public sealed class DoctorTests
{
    private const string Stack = "system";

    [SkippableFact]
    public async Task A_healthy_state_is_found_healthy_and_nothing_is_left_behind()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var reader = await ReaderAsync(store);
        var workspace = Keyed(store, ("PLAN_ACCESS_KEY_ID", reader.AccessKey), ("PLAN_SECRET_ACCESS_KEY", reader.SecretKey));
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", workspace)).Code);

        var (code, output, error) = await store.RunAsync("state doctor", workspace);

        Assert.True(code == 0, output + error);
        Assert.Contains("good   lock: one winner among 8 writers, in 3 races of 3.", output, StringComparison.Ordinal);
        Assert.Contains("good   versions of the live bucket: off.", output, StringComparison.Ordinal);
        Assert.Contains("good   object lock of the archive: on in ", output, StringComparison.Ordinal);
        Assert.Contains("good   read-only key: refused when it wrote into ", output, StringComparison.Ordinal);
        Assert.Contains("good   one key a stack: no two stacks share one.", output, StringComparison.Ordinal);
        Assert.Contains(
            "good   encryption of system: the live state is refused without its key, and opened with it.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "good   archive of system: 1 version(s), every digest holds, today's state is among them.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("good   leftover lock of system: none.", output, StringComparison.Ordinal);
        Assert.Contains(" 0 wrong, 1 not known.", output, StringComparison.Ordinal); // the endpoint is not Linode's
        using var buckets = Buckets(workspace);
        Assert.Equal(
            [StateAddress.Of(store.Platform, Stack).Key],
            await buckets.Live.ListVersionsAsync("", default).Select(item => item.Key).ToListAsync()
        );
    }

    [SkippableFact]
    public async Task A_versioned_live_bucket_is_named_and_its_lock_shown_not_to_lock()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        store.Platform = store.Platform with
        {
            State = store.Platform.State with { Bucket = store.Platform.State.ArchiveBucket },
        };

        var (code, output, _) = await store.RunAsync("state doctor", Keyed(store));

        Assert.Equal(1, code);
        Assert.Contains(
            "WRONG  versions of the live bucket: on, and on a versioned bucket Terraform's lock does not lock. Versioning is never undone: name a new bucket",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"WRONG  lock: 8 of 8 writers took the same lock in {store.Platform.State.Bucket}",
            output,
            StringComparison.Ordinal
        );
        using var buckets = Buckets(Keyed(store));
        Assert.Empty(await buckets.Live.ListVersionsAsync("", default).ToListAsync());
    }

    [SkippableFact]
    public async Task An_archive_without_object_lock_and_a_reader_who_writes_are_named()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        store.Platform = store.Platform with
        {
            State = store.Platform.State with { ArchiveBucket = store.Platform.State.Bucket },
        };
        var owner = store.Workspace.Environment;

        var (code, output, _) = await store.RunAsync(
            "state doctor --json",
            Keyed(
                store,
                ("PLAN_ACCESS_KEY_ID", owner["AWS_ACCESS_KEY_ID"]),
                ("PLAN_SECRET_ACCESS_KEY", owner["AWS_SECRET_ACCESS_KEY"])
            )
        );

        Assert.Equal(1, code);
        Assert.Equal(["object lock of the archive", "read-only key"], Wrong(output));
    }

    [SkippableFact]
    public async Task A_state_in_clear_under_another_key_or_shared_keys_are_named()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = Keyed(store);
        Assert.Equal(0, (await store.RunAsync("deploy core --yes", workspace)).Code);
        await store.RewriteInClearAsync("core", workspace);
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", workspace)).Code);

        var (_, output, _) = await store.RunAsync("state doctor core", workspace);
        Assert.Contains(
            "WRONG  encryption of core: its live state can be read without a key. ",
            output,
            StringComparison.Ordinal
        );

        var other = Keyed(store, ("STATE_KEY_SYSTEM", StateKey.Generate().Base64));
        (_, output, _) = await store.RunAsync("state doctor system", other);
        Assert.Contains(
            "WRONG  encryption of system: its live state was written with another key than the one given. Set STATE_KEY_SYSTEM",
            output,
            StringComparison.Ordinal
        );

        var rekeyed = Keyed(
            store,
            ("STATE_KEY_SYSTEM", StateKey.Generate().Base64),
            ("STATE_KEY_SYSTEM_PREVIOUS", workspace.Environment["STATE_KEY_SYSTEM"])
        );
        (_, output, _) = await store.RunAsync("state doctor system", rekeyed);
        Assert.Contains("good   encryption of system", output, StringComparison.Ordinal);
        Assert.Contains(
            "WRONG  one key of system: the rekey is unfinished: the live state and 1 archived version(s) are under another key",
            output,
            StringComparison.Ordinal
        );

        var shared = Keyed(store, ("STATE_KEY_CORE", workspace.Environment["STATE_KEY_SYSTEM"]));
        (_, output, _) = await store.RunAsync("state doctor", shared);
        Assert.Contains("WRONG  one key a stack: shared by core, system.", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task What_the_archive_lacks_or_holds_broken_is_named_and_backup_mends_it()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = Keyed(store);
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", workspace)).Code);
        using var buckets = Buckets(workspace);
        var part = await buckets.Archive.ListAsync($"{Stack}/entries/", default).FirstAsync(item => item.Key.EndsWith("/state"));
        await PutAsync(buckets.Archive, part.Key, buckets.Keys.Of(Stack), "cut off");

        var (code, output, _) = await store.RunAsync("state doctor system", workspace);
        Assert.Equal(1, code);
        Assert.Contains("WRONG  archive of system: 1 of 1 versions are not what was written: ", output, StringComparison.Ordinal);

        foreach (var item in await buckets.Archive.ListAsync($"{Stack}/entries/", default).ToListAsync())
            await buckets.Archive.DeleteAsync(item.Key, null, default);
        (code, output, _) = await store.RunAsync("state doctor system", workspace);
        Assert.Equal(1, code);
        Assert.Contains(" is not among its 0 version(s). Run \"backup system\"", output, StringComparison.Ordinal);
        Assert.Equal(0, (await store.RunAsync("backup system", workspace)).Code);
        Assert.Equal(0, (await store.RunAsync("state doctor system", workspace)).Code);
    }

    [SkippableFact]
    public async Task A_lock_that_a_run_left_behind_is_shown_and_released_with_a_reason()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = Keyed(store);
        using var buckets = Buckets(workspace);
        var stateLock = StateLock.Of(buckets, store.Platform, Stack);
        var impatient = workspace with { LockTimeout = TimeSpan.Zero };
        var left = new LockHolder
        {
            Id = "5b0a3d3c-6a3b-2b1e-9a49-1d1f5d1c7f11",
            Operation = "OperationTypeApply",
            Who = LockingRun.Who,
            Version = "1.11.4",
            Created = DateTimeOffset.UtcNow.AddDays(-30),
        };
        await PutAsync(
            buckets.Live,
            StateAddress.Of(store.Platform, Stack).LockKey,
            buckets.Keys.Of(Stack),
            JsonSerializer.Serialize(left)
        );
        Assert.Equal(1, (await store.RunAsync("deploy system --yes", impatient)).Code);

        var (code, output, _) = await store.RunAsync("state doctor system", workspace);
        Assert.Equal(1, code);
        Assert.Contains($"WRONG  leftover lock of system: held by {LockingRun.Who} since ", output, StringComparison.Ordinal);
        Assert.Contains(
            "(30 days), for apply. No terraform that was started before the lock is running on this machine.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("Safe to break: \"state unlock system --reason ...\".", output, StringComparison.Ordinal);

        Assert.Equal(64, (await store.RunAsync("state unlock system --reason crashed", workspace)).Code); // nobody can be asked
        Assert.NotNull(await stateLock.ReadAsync(default));
        var unlocked = await store.RunAsync("state unlock system --reason crashed --yes", workspace);
        Assert.True(unlocked.Code == 0, unlocked.Error);
        Assert.Contains($"lock {left.Id}. No terraform", unlocked.Output, StringComparison.Ordinal);
        Assert.Null(await stateLock.ReadAsync(default));
        var record = Assert.Single(await StateArchive.Of(workspace, buckets).Audit.ListAsync(Stack, default));
        Assert.Equal(("state unlock", "crashed"), (record.Kind, record.Reason));
        Assert.Contains(left.Id, record.Body.ToString(), StringComparison.Ordinal);

        Assert.Contains(
            "not locked",
            (await store.RunAsync("state unlock system --reason again --yes", workspace)).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", impatient)).Code);
    }

    [SkippableFact]
    public async Task The_lock_of_a_run_that_lives_stays()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = Keyed(store);
        using var buckets = Buckets(workspace);
        await using var held = await StateLock
            .Of(buckets, store.Platform, Stack)
            .TakeAsync(Stack, "restore", workspace.Environment, default);

        var (code, output, error) = await store.RunAsync("state unlock system --reason impatient --yes", workspace);
        Assert.Equal(1, code);
        Assert.Contains($"Process {System.Environment.ProcessId} is running on this machine.", output, StringComparison.Ordinal);
        Assert.Contains("the run that holds the lock is alive, so the lock stays.", error, StringComparison.Ordinal);
        Assert.Contains(
            "good   leftover lock of system: held by ",
            (await store.RunAsync("state doctor system", workspace)).Output,
            StringComparison.Ordinal
        );
        await held.ReleaseAsync(default);
    }

    private static Workspace Keyed(SandboxFixture store, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>(store.Workspace.Environment);
        foreach (var stack in StackNames.Waves(store.Platform).SelectMany(wave => wave))
            environment[StateKeys.VariableOf(stack)] = KeyOf(stack);
        foreach (var (name, value) in more)
            environment[name] = value;
        return store.Workspace with { Environment = environment };
    }

    private static string KeyOf(string stack) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"key of {stack}")));

    private static async Task<StorageCredentials> ReaderAsync(SandboxFixture store)
    {
        using var buckets = Buckets(store.Workspace);
        return await (await Rgw.RequireAsync()).ReadOnlyKeyAsync(buckets.Live.Address);
    }

    private static StateBuckets Buckets(Workspace workspace) => StateBuckets.Open(workspace.Platform, workspace.Environment);

    private static Task PutAsync(Bucket bucket, string key, StateKey stateKey, string text) =>
        bucket.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), stateKey, new(), default);

    private static IEnumerable<string> Wrong(string json) =>
        JsonNode.Parse(json)!["findings"]!
            .AsArray()
            .Where(finding => finding!["verdict"]!.GetValue<string>() == "wrong")
            .Select(finding => finding!["check"]!.GetValue<string>())
            .Order(StringComparer.Ordinal);
}
