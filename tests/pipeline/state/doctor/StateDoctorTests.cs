using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State.Doctor;

/// <summary>
/// state doctor on a real RADOS Gateway: each problem is created, reported with its remedy, and repaired by it.
/// </summary>
[Trait("Level", "real")]
public sealed class StateDoctorTests
{
    private const string Stack = "system";

    [Fact]
    public async Task Doctor_passes_a_healthy_state_and_removes_its_probes()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var reader = await ReaderAsync(store);
        var workspace = KeyedWorkspace.Of(
            store,
            ("PLAN_ACCESS_KEY_ID", reader.AccessKey),
            ("PLAN_SECRET_ACCESS_KEY", reader.SecretKey)
        );
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", workspace)).Code);

        var (code, output, error) = await store.RunAsync("state doctor", workspace);

        Assert.True(code == 0, output + error);
        Assert.Contains("good   lock: exactly one of 8 writers took it, in each of 3 tests.", output, StringComparison.Ordinal);
        Assert.Contains("good   versioning of the live bucket: off.", output, StringComparison.Ordinal);
        Assert.Contains("good   object lock of the archive: on in ", output, StringComparison.Ordinal);
        Assert.Contains("good   read-only key: it cannot write into ", output, StringComparison.Ordinal);
        Assert.Contains("good   one key per stack: no two stacks share a key.", output, StringComparison.Ordinal);
        Assert.Contains(
            "good   encryption of system: the live state can be read only with its key.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "good   archive of system: 1 version(s), every digest is correct, the live state is among them.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("good   leftover lock of system: none.", output, StringComparison.Ordinal);
        Assert.Contains(" 0 wrong, 1 not known.", output, StringComparison.Ordinal); // the endpoint is not Linode's
        using var buckets = KeyedWorkspace.Buckets(workspace);
        Assert.Equal(
            [StateAddress.Of(store.Platform, Stack).Key],
            await buckets.Live.ListVersionsAsync("", default).Select(item => item.Key).ToListAsync()
        );
    }

    [Fact]
    public async Task Doctor_reports_a_versioned_live_bucket_and_its_lock()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        store.Platform = store.Platform with
        {
            State = store.Platform.State with { Bucket = store.Platform.State.ArchiveBucket },
        };

        var (code, output, _) = await store.RunAsync("state doctor", KeyedWorkspace.Of(store));

        Assert.Equal(1, code);
        Assert.Contains(
            "WRONG  versioning of the live bucket: on, and Terraform's lock does not work on a versioned bucket. Versioning "
                + "cannot be undone. Name a new bucket",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"WRONG  lock: 8 of 8 writers took the same lock in {store.Platform.State.Bucket}",
            output,
            StringComparison.Ordinal
        );
        using var buckets = KeyedWorkspace.Buckets(KeyedWorkspace.Of(store));
        Assert.Empty(await buckets.Live.ListVersionsAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task Doctor_reports_missing_object_lock_and_a_writing_reader()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        store.Platform = store.Platform with
        {
            State = store.Platform.State with { ArchiveBucket = store.Platform.State.Bucket },
        };
        var owner = store.Workspace.Environment;

        var (code, output, _) = await store.RunAsync(
            "state doctor --json",
            KeyedWorkspace.Of(
                store,
                ("PLAN_ACCESS_KEY_ID", owner["AWS_ACCESS_KEY_ID"]),
                ("PLAN_SECRET_ACCESS_KEY", owner["AWS_SECRET_ACCESS_KEY"])
            )
        );

        Assert.Equal(1, code);
        Assert.Equal(["object lock of the archive", "read-only key"], Wrong(output));
    }

    [Fact]
    public async Task Doctor_reports_clear_states_and_wrong_or_shared_keys()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = KeyedWorkspace.Of(store);
        Assert.Equal(0, (await store.RunAsync("deploy core --yes", workspace)).Code);
        await store.RewriteInClearAsync("core", workspace);
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", workspace)).Code);

        var (_, output, _) = await store.RunAsync("state doctor core", workspace);
        Assert.Contains(
            "WRONG  encryption of core: its live state can be read without a key. ",
            output,
            StringComparison.Ordinal
        );

        var other = KeyedWorkspace.Of(store, ("STATE_KEY_SYSTEM", StateKey.Generate().Base64));
        (_, output, _) = await store.RunAsync("state doctor system", other);
        Assert.Contains(
            "WRONG  encryption of system: its live state was written with another key than the one given. Set STATE_KEY_SYSTEM",
            output,
            StringComparison.Ordinal
        );

        var rekeyed = KeyedWorkspace.Of(
            store,
            ("STATE_KEY_SYSTEM", StateKey.Generate().Base64),
            ("STATE_KEY_SYSTEM_PREVIOUS", workspace.Environment["STATE_KEY_SYSTEM"])
        );
        (_, output, _) = await store.RunAsync("state doctor system", rekeyed);
        Assert.Contains("good   encryption of system", output, StringComparison.Ordinal);
        Assert.Matches(
            @"WRONG  rekey of system: unfinished: the live state and 1 archived version\(s\) and [1-9] audit record\(s\) are "
                + "encrypted with another key",
            output
        );

        var shared = KeyedWorkspace.Of(store, ("STATE_KEY_CORE", workspace.Environment["STATE_KEY_SYSTEM"]));
        (_, output, _) = await store.RunAsync("state doctor", shared);
        Assert.Contains("WRONG  one key per stack: shared by core, system.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_reports_a_damaged_archive_and_backup_repairs_it()
    {
        await using var store = await SandboxFixture.StartOnRgwAsync();
        var workspace = KeyedWorkspace.Of(store);
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", workspace)).Code);
        using var buckets = KeyedWorkspace.Buckets(workspace);
        var part = await buckets.Archive.ListAsync($"{Stack}/entries/", default).FirstAsync(item => item.Key.EndsWith("/state"));
        await KeyedWorkspace.PutAsync(buckets.Archive, part.Key, buckets.Keys.Of(Stack), "cut off");

        var (code, output, _) = await store.RunAsync("state doctor system", workspace);
        Assert.Equal(1, code);
        Assert.Contains("WRONG  archive of system: 1 of 1 versions are damaged: ", output, StringComparison.Ordinal);

        foreach (var item in await buckets.Archive.ListAsync($"{Stack}/entries/", default).ToListAsync())
            await buckets.Archive.DeleteAsync(item.Key, null, default);
        (code, output, _) = await store.RunAsync("state doctor system", workspace);
        Assert.Equal(1, code);
        Assert.Contains(" is not among its 0 version(s). Run \"backup system\"", output, StringComparison.Ordinal);
        Assert.Equal(0, (await store.RunAsync("backup system", workspace)).Code);
        Assert.Equal(0, (await store.RunAsync("state doctor system", workspace)).Code);
    }

    [Fact]
    public async Task Recover_archives_what_a_killed_run_has_saved()
    {
        await using var sandbox = await SandboxFixture.StartDeployedAsync();
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        foreach (var item in await buckets.Archive.ListAsync("core/entries/", default).ToListAsync())
            await buckets.Archive.DeleteAsync(item.Key, null, default);
        sandbox.Workspace.Journals.Begin("core");

        var doctor = await sandbox.RunAsync("state doctor core");
        Assert.Equal(1, doctor.Code);
        Assert.Contains(" 0 version(s). \"state recover core --yes\" archives it.", doctor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"backup core\"", doctor.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await sandbox.RunAsync("state recover core --yes")).Code);
        Assert.Equal(0, (await sandbox.RunAsync("state doctor core")).Code);
    }

    private static async Task<StorageCredentials> ReaderAsync(SandboxFixture store)
    {
        using var buckets = KeyedWorkspace.Buckets(store.Workspace);
        return await (await Rgw.RequireAsync()).ReadOnlyKeyAsync(buckets.Live.Address);
    }

    private static IEnumerable<string> Wrong(string json) =>
        JsonNode.Parse(json)!["findings"]!
            .AsArray()
            .Where(finding => finding!["verdict"]!.GetValue<string>() == "wrong")
            .Select(finding => finding!["check"]!.GetValue<string>())
            .Order(StringComparer.Ordinal);
}
