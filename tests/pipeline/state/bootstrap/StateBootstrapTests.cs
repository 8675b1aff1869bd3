using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.State.Bootstrap;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State.Bootstrap;

/// <summary>state bootstrap: creation in an empty account, and removal.</summary>
[Trait("Level", "real")]
public sealed class StateBootstrapTests
{
    private static readonly ResourceNames s_naming = ResourceNames.Of(SmallPlatform.Platform);

    [Fact]
    public async Task Bootstrap_creates_and_imports_buckets_and_keys()
    {
        await using var store = await SandboxFixture.StartWithoutBucketsAsync();
        var workspace = Workspace(store);
        var file = Path.Combine(store.Directory, "credentials.env");

        var (code, output, error) = await store.RunAsync($"state bootstrap --credentials {file}", workspace);

        Assert.True(code == 0, output + error);
        Assert.Contains(
            $"live bucket {store.Platform.State.Bucket}: created; the state stack manages it as "
                + "linode_object_storage_bucket.live",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"archive bucket {store.Platform.State.ArchiveBucket}: created; only this command manages it",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"key to plan {s_naming.StateKey(KeyAccess.Read)}: created; the state stack manages it as "
                + "linode_object_storage_key.plan",
            output,
            StringComparison.Ordinal
        );
        // Secrets are only in the file, readable only by its owner. The unlimited key is revoked.
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(
            [
                "PLAN_ACCESS_KEY_ID",
                "PLAN_SECRET_ACCESS_KEY",
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "ARCHIVE_ACCESS_KEY_ID",
                "ARCHIVE_SECRET_ACCESS_KEY",
            ],
            lines.Select(line => line.Split('=')[0])
        );
        Assert.All(lines, line => Assert.DoesNotContain(line.Split('=')[1], output + error, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(store.Sandbox.Account.Objects, item => item.Name == s_naming.BootstrapKey);

        // With only these keys the state stack's first plan creates nothing, and every check passes.
        var limited = workspace with
        {
            Environment = new Dictionary<string, string>([
                .. workspace.Environment.Where(variable =>
                    !variable.Key.StartsWith("AWS_ACCESS", StringComparison.Ordinal)
                    && !variable.Key.StartsWith("AWS_SECRET", StringComparison.Ordinal)
                ),
                .. lines.Select(line => KeyValuePair.Create(line.Split('=')[0], line.Split('=')[1])),
            ]),
        };
        Assert.Equal(0, (await store.RunAsync("drift state", limited)).Code);
        using (var buckets = StateBuckets.Open(workspace.Platform, limited.Environment))
            Assert.Single(
                (await buckets.Archive.Client.GetLifecycleConfigurationAsync(workspace.Platform.State.ArchiveBucket))
                    .Configuration
                    .Rules
            );
        var doctor = await store.RunAsync("state doctor", limited);
        Assert.True(doctor.Code == 0, doctor.Output + doctor.Error);
        Assert.Equal(0, (await store.RunAsync("deploy state core --yes", limited)).Code);
        Assert.Contains("good   read-only key: it cannot write into ", doctor.Output, StringComparison.Ordinal);

        // A second run changes nothing.
        var before = store.Sandbox.Account.Objects.Select(item => item.Key).ToList();
        var again = await store.RunAsync($"state bootstrap --credentials {file}-2 --json", workspace);
        Assert.True(again.Code == 0, again.Error);
        Assert.All(
            JsonNode.Parse(again.Output)!["items"]!.AsArray(),
            item => Assert.False(item!["made"]!.GetValue<bool>(), item.ToJsonString())
        );
        Assert.False(File.Exists($"{file}-2"));
        Assert.Equal(before, store.Sandbox.Account.Objects.Select(item => item.Key));
    }

    [Fact]
    public async Task Bootstrap_adopts_existing_parts_and_revokes_leftover_keys()
    {
        await using var store = await SandboxFixture.StartWithoutBucketsAsync();
        var workspace = Workspace(store);
        using (var api = new LinodeApi(workspace.Environment, TimeProvider.System))
        {
            await api.MakeBucketAsync("us-ord", store.Platform.State.Bucket, store.Platform.State.Endpoint, default);
            await api.MakeKeyAsync(s_naming.BootstrapKey, [], default);
            await api.MakeKeyAsync(
                s_naming.StateKey(KeyAccess.Write),
                [new("us-ord", store.Platform.State.Bucket, Write: true)],
                default
            );
        }
        var (code, output, error) = await store.RunAsync(
            $"state bootstrap --credentials {store.Directory}/c.env --json",
            workspace
        );
        Assert.True(code == 0, error);
        Assert.Equal(
            ["archive bucket", "key to plan", "key to the archive"],
            JsonNode.Parse(output)!["items"]!
                .AsArray()
                .Where(item => item!["made"]!.GetValue<bool>())
                .Select(item => item!["kind"]!.GetValue<string>())
        );
        Assert.DoesNotContain(store.Sandbox.Account.Objects, item => item.Name == s_naming.BootstrapKey);
    }

    [Fact]
    public async Task Bootstrap_refuses_an_unsuitable_bucket_before_key_creation()
    {
        await using var unlocked = await SandboxFixture.StartWithoutBucketsAsync();
        unlocked.Sandbox.ObjectStore.CreateBucket(unlocked.Platform.State.ArchiveBucket);
        var (code, _, error) = await unlocked.RunAsync(
            $"state bootstrap --credentials {unlocked.Directory}/c.env",
            Workspace(unlocked)
        );
        Assert.Equal(1, code);
        Assert.Contains("exists without object lock", error, StringComparison.Ordinal);

        await using var versioned = await SandboxFixture.StartWithoutBucketsAsync();
        versioned.Sandbox.ObjectStore.CreateBucket(versioned.Platform.State.Bucket, objectLock: true);
        (code, _, error) = await versioned.RunAsync(
            $"state bootstrap --credentials {versioned.Directory}/c.env",
            Workspace(versioned)
        );
        Assert.Equal(1, code);
        Assert.Contains("Terraform's lock does not work on a versioned bucket", error, StringComparison.Ordinal);
        foreach (var store in new[] { unlocked, versioned })
            Assert.DoesNotContain(store.Sandbox.Account.Objects, item => item.Type == "linode_object_storage_key");
    }

    [Fact]
    public async Task Bootstrap_checks_its_input_before_any_creation()
    {
        await using var store = await SandboxFixture.StartWithoutBucketsAsync();
        var workspace = Workspace(store);
        Assert.Equal(64, (await store.RunAsync("state bootstrap", workspace)).Code);
        Assert.Equal(64, (await store.RunAsync($"state bootstrap --credentials {store.Directory}", workspace)).Code);
        foreach (var name in new[] { "LINODE_TOKEN", "STATE_KEY_STATE" })
        {
            var without = workspace with
            {
                Environment = workspace
                    .Environment.Where(variable => variable.Key != name && variable.Key != StateKeys.TerraformVariable)
                    .ToDictionary(),
            };
            var (code, _, error) = await store.RunAsync($"state bootstrap --credentials {store.Directory}/c.env", without);
            Assert.Equal(1, code);
            Assert.Contains(name, error, StringComparison.Ordinal);
        }
        var expired = workspace with
        {
            Environment = new Dictionary<string, string>(workspace.Environment) { ["LINODE_TOKEN"] = "expired" },
        };
        var refused = await store.RunAsync($"state bootstrap --credentials {store.Directory}/c.env", expired);
        Assert.Contains("401 Invalid Token. Set LINODE_TOKEN to a personal access", refused.Error, StringComparison.Ordinal);
        Assert.Empty(store.Sandbox.Account.Objects);
        Assert.Empty(store.Sandbox.ObjectStore.Buckets);
    }

    [Fact]
    public async Task Bootstrap_removal_requires_that_no_stack_has_objects()
    {
        await using var store = await SandboxFixture.StartWithoutBucketsAsync();
        var workspace = Workspace(store);
        Assert.Equal(0, (await store.RunAsync($"state bootstrap --credentials {store.Directory}/c.env", workspace)).Code);
        Assert.Equal(0, (await store.RunAsync("deploy core --yes", workspace)).Code);
        Assert.Equal(64, (await store.RunAsync("state bootstrap --remove --yes", workspace)).Code);

        var early = await store.RunAsync("state bootstrap --remove --yes --confirm infra", workspace);
        Assert.Equal(1, early.Code);
        Assert.Contains(
            "it must be removed last, and other stacks still use it: core has 3 objects. Run \"destroy\" " + "first",
            early.Error,
            StringComparison.Ordinal
        );

        // With the live state deleted, the archive is the only record of these objects.
        using (var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment))
            await buckets.Live.DeleteAsync(StateAddress.Of(workspace.Platform, "core").Key, version: null, default);
        var lost = await store.RunAsync("state bootstrap --remove --yes --confirm infra", workspace);
        Assert.Equal(1, lost.Code);
        Assert.Contains(
            "core: its live state is missing, and the archive has 1 version(s) of it, the newest with 3 object(s); "
                + "\"state restore core last-good\" restores it",
            lost.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await store.RunAsync("state restore core last-good", workspace)).Code);

        Assert.Equal(0, (await store.RunAsync("destroy --yes --confirm infra", workspace)).Code);
        // A doctor was killed during its checks.
        using (var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment))
            await buckets.Live.PutAsync("doctor/left", new MemoryStream([0]), StateKey.Generate(), new(), default);
        var removed = await store.RunAsync("state bootstrap --remove --yes --confirm infra", workspace);
        // The audit records of the import, the apply, the restore and the destroy are still locked.
        Assert.Equal(1, removed.Code);
        Assert.Contains("4 audit record(s) are locked for at most 90 days", removed.Error, StringComparison.Ordinal);
        Assert.Empty(store.Sandbox.Account.Objects);
        Assert.Equal([store.Platform.State.ArchiveBucket], store.Sandbox.ObjectStore.Buckets);
    }

    [Fact]
    public async Task Archive_bucket_gets_object_lock_and_lifecycle_on_rgw()
    {
        var rgw = await Rgw.RequireAsync();
        using var fresh = rgw.Open(new BucketAddress($"archive-{System.Guid.NewGuid():N}", Rgw.Region, rgw.Endpoint));
        Assert.Null(await ArchiveBucket.HasObjectLockAsync(fresh, default));
        Assert.True(await ArchiveBucket.EnsureAsync(fresh, default));
        Assert.False(await ArchiveBucket.EnsureAsync(fresh, default));
        var rule = Assert.Single((await fresh.Client.GetLifecycleConfigurationAsync(fresh.Address.Name)).Configuration.Rules);
        Assert.Equal(30, rule.NoncurrentVersionExpiration.NoncurrentDays);
        Assert.True(rule.Expiration.ExpiredObjectDeleteMarker);
        Assert.Equal(1, rule.AbortIncompleteMultipartUpload.DaysAfterInitiation);
        var locked = new WriteOptions { LockedUntil = DateTimeOffset.UtcNow.AddMinutes(10) };
        foreach (var (key, options) in new[] { ("a", locked), ("b", new WriteOptions()) })
            await fresh.PutAsync(key, new MemoryStream([1]), StateKey.Generate(), options, default);
        Assert.Equal(1, await ArchiveBucket.EmptyAsync(fresh, default));

        using var live = rgw.Open(await rgw.LiveBucketAsync());
        var refused = await Assert.ThrowsAsync<PipelineException>(() => ArchiveBucket.EnsureAsync(live, default));
        Assert.Contains("exists without object lock", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// A state key for each stack, and the small platform's plan key with the label that the real platform uses.
    /// </summary>
    private static Workspace Workspace(SandboxFixture store)
    {
        var environment = new Dictionary<string, string>(store.Workspace.Environment);
        foreach (var stack in StackNames.Waves(store.Platform).SelectMany(wave => wave))
            environment[StateKeys.VariableOf(stack)] = StateKey.Generate().Base64;
        return store.Workspace with
        {
            Environment = environment,
            Synthesize = (platform, output) =>
                SmallPlatform.Synthesize(
                    platform,
                    output,
                    (stack, configuration) =>
                    {
                        if (stack == StackNames.State)
                            configuration["resource"]!["linode_object_storage_key"]!["plan"]!["label"] = s_naming.StateKey(
                                KeyAccess.Read
                            );
                    }
                ),
        };
    }
}
