using System.Text;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Storage;

/// <summary>
/// The behaviour that Terraform's backend, the lock and the archive need from a store. The sandbox's store and a real RADOS
/// Gateway must both pass this suite, so that results from the sandbox are valid for a real store.
/// </summary>
public abstract class StoreSuite
{
    /// <summary>Rounds of two parallel applies: 20 with LONG_TESTS=1 (.ci/run --long), otherwise a sample.</summary>
    private static readonly int s_rounds = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 20 : 2;

    private static readonly StateKey s_key = StateKey.Generate();

    private protected abstract Task<SandboxFixture> StartAsync();

    /// <summary>A key that may only read the live bucket.</summary>
    private protected abstract Task<StorageCredentials> ReadOnlyKeyAsync(SandboxFixture store);

    [Fact]
    public async Task Object_is_read_as_it_was_written()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        var large = new byte[5_000_000];
        TestRandom.Create().NextBytes(large);
        await buckets.Live.PutAsync("core/a b+ü?&=", new MemoryStream(large), s_key, new(), default);
        await using var stream = (await buckets.Live.GetAsync("core/a b+ü?&=", s_key, null, default))!;
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.Equal(large, read.ToArray());
        var listed = await buckets.Live.ListAsync("core/", default).SingleAsync();
        Assert.Equal(("core/a b+ü?&=", 5_000_000), (listed.Key, listed.Size));
        Assert.InRange(listed.Modified, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(2));
        await PutAsync(buckets.Live, "core/a b+ü?&=", "shorter");
        Assert.Equal("shorter", await TextAsync(buckets.Live, "core/a b+ü?&="));
    }

    [Fact]
    public async Task Missing_object_is_null_and_missing_bucket_fails()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        Assert.Null(await buckets.Live.GetAsync("none", s_key, null, default));
        await buckets.Live.DeleteAsync("none", null, default);
        await PutAsync(buckets.Live, "a", "1");
        await buckets.Live.DeleteAsync("a", null, default);
        Assert.Null(await buckets.Live.GetAsync("a", s_key, null, default));
        Assert.Empty(await buckets.Live.ListAsync("", default).ToListAsync());
        using var nowhere = new Bucket(buckets.Live.Address with { Name = "nowhere-at-all" }, Owner(store));
        await Fails(StorageFault.NotFound, () => PutAsync(nowhere, "a", "1"));
        await Fails(StorageFault.NotFound, () => nowhere.GetAsync("a", s_key, null, default));
        await Fails(StorageFault.NotFound, async () => await nowhere.ListAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task Listing_has_pages_in_the_order_of_keys()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        foreach (var key in new[] { "b/2", "a", "b/1", "c", "b-" })
            await PutAsync(buckets.Live, key, key);
        Assert.Equal(
            ["a", "b-", "b/1", "b/2", "c"],
            await buckets.Live.ListAsync("", default).Select(item => item.Key).ToListAsync()
        );
        var request = new ListObjectsV2Request
        {
            BucketName = buckets.Live.Address.Name,
            Prefix = "b",
            MaxKeys = 2,
        };
        var first = await buckets.Live.Client.ListObjectsV2Async(request);
        request.ContinuationToken = first.NextContinuationToken;
        var rest = await buckets.Live.Client.ListObjectsV2Async(request);
        Assert.Equal(["b-", "b/1"], first.S3Objects.Select(item => item.Key));
        Assert.Equal(["b/2"], rest.S3Objects.Select(item => item.Key));
        Assert.Null(rest.NextContinuationToken);
    }

    [Fact]
    public async Task Object_is_refused_without_its_key()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        await PutAsync(buckets.Live, "a", "secret");
        Assert.Equal("secret", await TextAsync(buckets.Live, "a"));
        await Fails(StorageFault.StateKey, () => buckets.Live.GetAsync("a", stateKey: null, null, default));
        await Fails(StorageFault.StateKey, () => buckets.Live.GetAsync("a", StateKey.Generate(), null, default));
        var head = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() =>
            buckets.Live.Client.GetObjectMetadataAsync(buckets.Live.Address.Name, "a")
        );
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, head.StatusCode);
    }

    [Fact]
    public async Task Object_in_clear_is_read_with_any_key()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        var request = new PutObjectRequest
        {
            BucketName = buckets.Live.Address.Name,
            Key = "a",
            ContentBody = "in clear",
        };
        await buckets.Live.Client.PutObjectAsync(request);
        Assert.Equal("in clear", await TextAsync(buckets.Live, "a"));
    }

    [Fact]
    public async Task Conditional_write_has_one_winner_in_the_live_bucket()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        Assert.Equal(1, await WinnersAsync(buckets.Live));
        Assert.Contains(await TextAsync(buckets.Live, "race"), Enumerable.Range(0, 16).Select(n => $"{n}"));
    }

    [Fact]
    public async Task Conditional_write_is_ignored_in_a_versioned_bucket()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        Assert.Equal(16, await WinnersAsync(buckets.Archive));
    }

    [Fact]
    public async Task Wrong_credentials_and_a_writing_reader_are_refused()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        await PutAsync(buckets.Live, "a", "1");
        using var unknownKey = new Bucket(buckets.Live.Address, new("AKIDNOBODY", "wrong"));
        await Fails(StorageFault.Credentials, () => unknownKey.GetAsync("a", s_key, null, default));
        using var wrongSecret = new Bucket(buckets.Live.Address, Owner(store) with { SecretKey = "wrong" });
        await Fails(StorageFault.Credentials, () => wrongSecret.GetAsync("a", s_key, null, default));

        var key = await ReadOnlyKeyAsync(store);
        using var reader = new Bucket(buckets.Live.Address, key);
        Assert.Equal("1", await TextAsync(reader, "a"));
        Assert.NotEmpty(await reader.ListAsync("", default).ToListAsync());
        await Fails(StorageFault.Forbidden, () => PutAsync(reader, "b", "1"));
        await Fails(StorageFault.Forbidden, () => reader.DeleteAsync("a", null, default));
        using var elsewhere = new Bucket(buckets.Archive.Address, key);
        await Fails(StorageFault.Forbidden, async () => await elsewhere.ListAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task Live_bucket_keeps_one_version_and_the_archive_keeps_all()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        Assert.NotEqual(VersionStatus.Enabled, (await VersioningAsync(buckets.Live)).Status);
        Assert.Equal(VersionStatus.Enabled, (await VersioningAsync(buckets.Archive)).Status);
        var none = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => LockConfigurationAsync(buckets.Live));
        Assert.Equal("ObjectLockConfigurationNotFoundError", none.ErrorCode);
        var configuration = await LockConfigurationAsync(buckets.Archive);
        Assert.Equal(ObjectLockEnabled.Enabled, configuration.ObjectLockConfiguration.ObjectLockEnabled);
        foreach (var bucket in new[] { buckets.Live, buckets.Archive })
        {
            await PutAsync(bucket, "a", "1");
            await PutAsync(bucket, "a", "2");
        }
        Assert.Single(await buckets.Live.ListVersionsAsync("", default).ToListAsync());
        Assert.Equal(2, await buckets.Archive.ListVersionsAsync("", default).CountAsync());
    }

    [Fact]
    public async Task Version_is_read_and_deleted_by_its_id()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        var archive = buckets.Archive;
        foreach (var text in new[] { "1", "2", "3" })
            await PutAsync(archive, "a", text);
        await PutAsync(archive, "b", "other");

        var versions = await archive.ListVersionsAsync("a", default).ToListAsync();
        Assert.Equal([true, false, false], versions.Select(version => version.Latest));
        var texts = new List<string>();
        foreach (var version in versions)
            texts.Add(await TextAsync(archive, "a", version.Version));
        Assert.Equal(["3", "2", "1"], texts);

        await archive.DeleteAsync("a", versions[1].Version, default);
        await archive.DeleteAsync("a", null, default);
        Assert.Null(await archive.GetAsync("a", s_key, null, default));
        Assert.Equal(["b"], await archive.ListAsync("", default).Select(item => item.Key).ToListAsync());
        var left = await archive.ListVersionsAsync("a", default).ToListAsync();
        Assert.Equal([true, false, false], left.Select(version => version.DeleteMarker));
        Assert.Equal(
            [null, versions[0].Version, versions[2].Version],
            left.Select((version, n) => n == 0 ? null : version.Version)
        );

        await archive.DeleteAsync("a", left[0].Version, default);
        Assert.Equal("3", await TextAsync(archive, "a"));
        foreach (var version in await archive.ListVersionsAsync("a", default).ToListAsync())
            await archive.DeleteAsync("a", version.Version, default);
        Assert.Equal(["b"], await archive.ListVersionsAsync("", default).Select(item => item.Key).ToListAsync());
    }

    [Fact]
    public async Task Version_listing_has_pages()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        foreach (var text in new[] { "1", "2", "3" })
            await PutAsync(buckets.Archive, "a", text);
        await PutAsync(buckets.Archive, "b", "1");
        var request = new ListVersionsRequest { BucketName = buckets.Archive.Address.Name, MaxKeys = 2 };
        var keys = new List<string>();
        for (var pages = 0; pages < 3; pages++)
        {
            var page = await buckets.Archive.Client.ListVersionsAsync(request);
            keys.AddRange(page.Versions.Select(version => version.Key));
            if (page.IsTruncated != true)
                break;
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
        Assert.Equal(["a", "a", "a", "b"], keys);
    }

    [Fact]
    public async Task Locked_version_cannot_be_deleted()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        var locked = new WriteOptions { LockedUntil = DateTimeOffset.UtcNow.AddMinutes(30) };
        await PutAsync(buckets.Archive, "audit", "1", locked);
        await PutAsync(buckets.Archive, "free", "1");
        var versions = await buckets.Archive.ListVersionsAsync("", default).ToListAsync();
        await Fails(StorageFault.Forbidden, () => buckets.Archive.DeleteAsync("audit", versions[0].Version, default));
        await buckets.Archive.DeleteAsync("free", versions[1].Version, default);
        Assert.Equal("1", await TextAsync(buckets.Archive, "audit"));
        // A delete marker hides the object, but the version still exists.
        await buckets.Archive.DeleteAsync("audit", null, default);
        Assert.Equal("1", await TextAsync(buckets.Archive, "audit", versions[0].Version));
        await Fails(StorageFault.Refused, () => PutAsync(buckets.Live, "audit", "1", locked));
    }

    [Fact]
    public async Task Terraform_stores_its_state_and_then_plans_empty()
    {
        await using var store = await StartAsync();
        var deployed = await store.RunAsync("deploy core --yes");
        Assert.True(deployed.Code == 0, deployed.Error);
        Assert.Equal(0, (await store.RunAsync("drift core")).Code);
        using var buckets = Buckets(store);
        Assert.Equal(
            [StateAddress.Of(store.Platform, "core").Key],
            await buckets.Live.ListAsync("", default).Select(item => item.Key).ToListAsync()
        );
        await Fails(
            StorageFault.StateKey,
            () => buckets.Live.GetAsync(StateAddress.Of(store.Platform, "core").Key, null, null, default)
        );
    }

    [Fact]
    public async Task Lock_allows_exactly_one_of_two_parallel_applies()
    {
        await using var store = await StartAsync();
        for (var round = 1; round <= s_rounds; round++)
        {
            var results = await ApplyTwiceAsync(store, round);
            Assert.True(
                results.Count(result => result.ExitCode == 0) == 1,
                $"round {round}:\n{string.Join("\n----\n", results)}"
            );
            Assert.Contains(
                "Error acquiring the state lock",
                results.Single(result => result.ExitCode != 0).Error,
                StringComparison.Ordinal
            );
            Assert.Equal(round, Runs(store));
        }
    }

    [Fact]
    public async Task Lock_in_a_versioned_bucket_allows_both_applies()
    {
        await using var store = await StartAsync();
        store.Platform = store.Platform with
        {
            State = store.Platform.State with { Bucket = store.Platform.State.ArchiveBucket },
        };
        await ApplyTwiceAsync(store, 1);
        Assert.Equal(2, Runs(store));
    }

    [Fact]
    public async Task Deploy_names_the_lock_holder_when_the_state_is_locked()
    {
        await using var store = await StartAsync();
        var before = DateTimeOffset.UtcNow;
        var hold = store.HoldCreate(Namespace);
        var first = store.RunAsync("deploy system --yes");
        await hold.ReachedAsync(Patience.Token);
        using var buckets = Buckets(store);
        var stateLock = StateLock.Of(buckets, store.Platform, "system");
        var holder = (await stateLock.ReadAsync(default))!;
        Assert.Equal("OperationTypeApply", holder.Operation);

        // Another clone, as on another machine.
        var other = store.Workspace with
        {
            Directory = Path.Combine(store.Directory, "other"),
            Output = Path.Combine(store.Directory, "other", "cdktf.out"),
            LockTimeout = TimeSpan.Zero,
        };
        store.Sandbox.RecordIn(other.Directory);
        var (code, _, error) = await store.RunAsync("deploy system --yes", other);
        Assert.Equal(1, code);
        // Terraform's own text is about the encryption of the lock, which it cannot read.
        Assert.DoesNotContain("Error acquiring the state lock", error, StringComparison.Ordinal);
        Assert.Contains(
            "stack system: terraform plan did not run. The lock of stack system is held by "
                + $"{LockingRun.Who} since {holder.Created.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC (",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("s), for apply. Wait until that run has ended.", error, StringComparison.Ordinal);
        Assert.InRange(holder.Created, before.AddSeconds(-1), DateTimeOffset.UtcNow);
        // Terraform runs in a directory of its own; what its init stored names the state.
        Assert.True(stateLock.RunOf(holder).Alive);
        hold.Release();
        Assert.Equal(0, (await first).Code);
        Assert.Null(await stateLock.ReadAsync(default));
    }

    [Fact]
    public async Task Command_lock_blocks_Terraform_and_is_released_by_its_id()
    {
        await using var store = await StartAsync();
        using var buckets = Buckets(store);
        var stateLock = StateLock.Of(buckets, store.Platform, "system");
        await using var held = await stateLock.TakeAsync("system", "restore", store.Workspace.Environment, default);
        var refused = await Assert.ThrowsAsync<PipelineException>(() =>
            stateLock.TakeAsync("system", "rekey", store.Workspace.Environment, default)
        );
        Assert.Contains($"is held by {LockingRun.Who} since ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"for restore, process {System.Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.True(stateLock.RunOf(held.Holder).Alive);

        var impatient = store.Workspace with { LockTimeout = TimeSpan.Zero };
        Assert.Contains(
            "for restore, process",
            (await store.RunAsync("deploy system --yes", impatient)).Error,
            StringComparison.Ordinal
        );

        Assert.False(await stateLock.ReleaseAsync("another id", default));
        Assert.NotNull(await stateLock.ReadAsync(default));
        await held.ReleaseAsync(default);
        Assert.Equal(0, (await store.RunAsync("deploy system --yes", impatient)).Code);
    }

    [Fact]
    public async Task Deploy_refuses_a_clear_state_and_another_state_key()
    {
        await using var store = await StartAsync();
        // Written in clear by other means. The deploy must stop before any call of a provider.
        Assert.Equal(0, (await store.RunAsync("deploy core --yes")).Code);
        await store.RewriteInClearAsync("core");
        var calls = store.Sandbox.Account.Calls.Count;
        var first = await store.RunAsync("deploy core --yes");
        Assert.Equal(1, first.Code);
        Assert.Contains("stack core: its live state can be read without a key.", first.Error, StringComparison.Ordinal);
        Assert.Equal(calls, store.Sandbox.Account.Calls.Count);

        Assert.Equal(0, (await store.RunAsync("deploy system --yes")).Code);
        var wrong = store.Workspace with
        {
            Environment = new Dictionary<string, string>(store.Workspace.Environment)
            {
                ["STATE_KEY_SYSTEM"] = StateKey.Generate().Base64,
            },
        };
        calls = store.Sandbox.Account.Calls.Count;
        var (code, _, error) = await store.RunAsync("deploy system --yes", wrong);
        Assert.Equal(1, code);
        Assert.Contains("was written with another key than the one given. Set STATE_KEY_SYSTEM", error, StringComparison.Ordinal);
        Assert.Equal(calls, store.Sandbox.Account.Calls.Count);
    }

    private protected static StateBuckets Buckets(SandboxFixture store) =>
        StateBuckets.Open(store.Platform, store.Workspace.Environment);

    private protected static StorageCredentials Owner(SandboxFixture store) =>
        new(store.Workspace.Environment["AWS_ACCESS_KEY_ID"], store.Workspace.Environment["AWS_SECRET_ACCESS_KEY"]);

    // The only type of object in the stack of the system environment.
    private const string Namespace = "kubernetes_namespace_v1";

    /// <summary>The number of applies that changed something: an apply creates or replaces the stack's only namespace.</summary>
    private static int Runs(SandboxFixture store) =>
        store.Sandbox.Account.Calls.Count(call => call is { Operation: "create", Type: Namespace });

    /// <summary>
    /// Two real applies of one stack from two directories, started together. The change is held until one of them has ended or
    /// both make it, so that each apply is still running when the other asks for the lock.
    /// </summary>
    private static async Task<ChildResult[]> ApplyTwiceAsync(SandboxFixture store, int round)
    {
        var hold = new Hold();
        store.Sandbox.Account.AddFault(
            new()
            {
                Operation = "create",
                Type = Namespace,
                Times = 2,
                Hold = hold,
            }
        );
        var directories = new[] { "a", "b" }.Select(name => Path.Combine(store.Directory, name)).ToList();
        foreach (var directory in directories)
        {
            SmallPlatform.Synthesize(store.Platform, directory, (_, configuration) => Rename(configuration, $"round-{round}"));
            if (round == 1)
                await TerraformAsync(store, directory, "init", "-input=false");
        }
        var applies = directories
            .Select(directory => TerraformAsync(store, directory, "apply", "-auto-approve", "-input=false", "-no-color"))
            .ToList();
        await Task.WhenAny([.. applies, BothHeldAsync()]);
        hold.Release();
        var results = await Task.WhenAll(applies);
        store.Sandbox.Account.ClearFaults();
        return results;

        async Task BothHeldAsync()
        {
            await hold.ReachedAsync(Patience.Token);
            await hold.ReachedAsync(Patience.Token);
        }
    }

    private static void Rename(JsonNode configuration, string name)
    {
        if (configuration["resource"]?["kubernetes_namespace_v1"]?["space"]?["metadata"] is { } metadata)
            metadata["name"] = name;
    }

    private static Task<ChildResult> TerraformAsync(SandboxFixture store, string directory, params string[] arguments) =>
        ChildProcess.RunAsync(
            "terraform",
            arguments,
            Path.Combine(directory, "stacks", "system"),
            store.Workspace.Environment,
            line: null,
            CancellationToken.None
        );

    private static async Task<int> WinnersAsync(Bucket bucket)
    {
        var winners = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async n =>
                {
                    try
                    {
                        await PutAsync(bucket, "race", $"{n}", new() { OnlyIfAbsent = true });
                        return 1;
                    }
                    catch (StorageException exception) when (exception.Fault == StorageFault.Taken)
                    {
                        return 0;
                    }
                })
        );
        return winners.Sum();
    }

    private static async Task<S3BucketVersioningConfig> VersioningAsync(Bucket bucket)
    {
        var request = new GetBucketVersioningRequest { BucketName = bucket.Address.Name };
        return (await bucket.Client.GetBucketVersioningAsync(request)).VersioningConfig;
    }

    private static Task<GetObjectLockConfigurationResponse> LockConfigurationAsync(Bucket bucket) =>
        bucket.Client.GetObjectLockConfigurationAsync(new GetObjectLockConfigurationRequest { BucketName = bucket.Address.Name });

    private static Task PutAsync(Bucket bucket, string key, string text, WriteOptions? options = null) =>
        bucket.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), s_key, options ?? new(), default);

    private static async Task<string> TextAsync(Bucket bucket, string key, string? version = null)
    {
        await using var stream = (await bucket.GetAsync(key, s_key, version, default))!;
        return await new StreamReader(stream).ReadToEndAsync();
    }

    private static async Task Fails(StorageFault fault, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<StorageException>(call);
        Assert.True(failure.Fault == fault, $"{failure.Fault}, expected {fault}: {failure.Message}");
    }
}

/// <summary>The suite on the sandbox's store.</summary>
[Trait("Level", "real")]
public sealed class SandboxStoreTests : StoreSuite
{
    private protected override Task<SandboxFixture> StartAsync() => SandboxFixture.StartAsync();

    private protected override async Task<StorageCredentials> ReadOnlyKeyAsync(SandboxFixture store)
    {
        // The small platform's state stack has such a key.
        Assert.Equal(0, (await store.RunAsync("deploy state --yes")).Code);
        var key = store.Sandbox.Account.Objects.Single(item => item.Type == "linode_object_storage_key").Attributes;
        return new(key["access_key"]!.GetValue<string>(), key["secret_key"]!.GetValue<string>());
    }
}

/// <summary>The suite on a real RADOS Gateway.</summary>
[Trait("Level", "real")]
public sealed class RgwStoreTests : StoreSuite
{
    private protected override Task<SandboxFixture> StartAsync() => SandboxFixture.StartOnRgwAsync();

    private protected override async Task<StorageCredentials> ReadOnlyKeyAsync(SandboxFixture store)
    {
        using var buckets = Buckets(store);
        return await (await Rgw.RequireAsync()).ReadOnlyKeyAsync(buckets.Live.Address);
    }
}
