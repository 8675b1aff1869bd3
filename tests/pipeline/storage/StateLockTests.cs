using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Storage;

/// <summary>The lock over a connection that loses answers: what the store did, not what was heard, decides.</summary>
[Trait("Level", "real")]
public sealed class StateLockTests
{
    private const string Stack = "system";

    [Fact]
    public async Task Lock_is_ours_when_only_the_answer_was_lost()
    {
        await using var store = await LossyStore.StartAsync(lost: 1);

        await using var held = await store.Lock.TakeAsync(Stack, "restore", store.Environment, default);

        Assert.Equal(held.Holder.Id, (await store.Direct.ReadAsync(default))?.Id);
        await held.ReleaseAsync(default);
        Assert.Null(await store.Direct.ReadAsync(default));
    }

    [Fact]
    public async Task Lock_is_not_left_when_every_answer_was_lost()
    {
        await using var store = await LossyStore.StartAsync(lost: int.MaxValue);

        await Assert.ThrowsAsync<StorageException>(() => store.Lock.TakeAsync(Stack, "restore", store.Environment, default));

        Assert.Null(await store.Direct.ReadAsync(default));
    }

    [Fact]
    public async Task Failing_release_does_not_hide_the_first_error()
    {
        await using var store = await LossyStore.StartAsync(lost: 0);

        var both = await Assert.ThrowsAsync<AggregateException>(() =>
            store.Lock.HoldAsync<int>(
                Stack,
                "restore",
                store.Environment,
                () =>
                {
                    store.Cut();
                    throw new PipelineException("The first error.");
                },
                default
            )
        );

        Assert.Equal("The first error.", both.InnerExceptions[0].Message);
        Assert.StartsWith("The lock of stack system could not be released: ", both.InnerExceptions[1].Message);
        Assert.Contains("state doctor system", both.InnerExceptions[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_fails_when_its_lock_was_released_by_another()
    {
        await using var store = await LossyStore.StartAsync(lost: 0);

        var taken = await Assert.ThrowsAsync<PipelineException>(() =>
            store.Lock.HoldAsync(
                Stack,
                "restore",
                store.Environment,
                async () =>
                {
                    var holder = await store.Direct.ReadAsync(default);
                    return await store.Direct.ReleaseAsync(holder!.Id, default);
                },
                default
            )
        );

        Assert.Contains("was released by another process while this run held it", taken.Message, StringComparison.Ordinal);
    }

    /// <summary>The sandbox's store, directly and through a connection that loses the answers of the first writes.</summary>
    private sealed class LossyStore : IAsyncDisposable
    {
        private readonly SandboxFixture _sandbox;
        private readonly StateBuckets _buckets;
        private readonly CrashingProxy _proxy;
        private readonly Bucket _bucket;

        private LossyStore(SandboxFixture sandbox, int lost)
        {
            (_sandbox, _buckets) = (sandbox, StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment));
            _proxy = new(_buckets.Live.Address.Endpoint, call: 0, Strike.AfterTheCall, () => { }) { LostWrites = lost };
            var (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
            _bucket = new(
                _buckets.Live.Address with
                {
                    Endpoint = _proxy.Endpoint,
                },
                StateBuckets.Credentials(sandbox.Workspace.Environment, id, secret)!
            );
        }

        public static async Task<LossyStore> StartAsync(int lost) => new(await SandboxFixture.StartAsync(), lost);

        public StateLock Lock => new(_bucket, Address, _buckets.Keys.Of(Stack));

        public StateLock Direct => new(_buckets.Live, Address, _buckets.Keys.Of(Stack));

        public IReadOnlyDictionary<string, string> Environment => _sandbox.Workspace.Environment;

        /// <summary>Ends the connection for ever.</summary>
        public void Cut() => _proxy.Cut();

        public async ValueTask DisposeAsync()
        {
            _bucket.Dispose();
            _proxy.Dispose();
            _buckets.Dispose();
            await _sandbox.DisposeAsync();
        }

        private StateAddress Address => StateAddress.Of(_sandbox.Platform, Stack);
    }
}
