using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Support;

/// <summary>The gateway of the tests is what they take it for.</summary>
[Trait("Level", "real")]
public sealed class RgwTests
{
    [SkippableFact]
    public async Task It_stores_with_our_key_and_a_reader_may_not_write()
    {
        var rgw = await Rgw.RequireAsync();
        var address = await rgw.LiveBucketAsync();
        using var bucket = rgw.Open(address);
        var key = StateKey.Generate();
        await bucket.PutAsync("a", new MemoryStream("content"u8.ToArray()), key, new(), default);

        using var reader = new Bucket(address, await rgw.ReadOnlyKeyAsync(address));
        await using var read = await reader.GetAsync("a", key, null, default);
        Assert.Equal("content", await new StreamReader(read!).ReadToEndAsync());
        var refused = await Assert.ThrowsAsync<StorageException>(() =>
            reader.PutAsync("b", new MemoryStream("content"u8.ToArray()), key, new(), default)
        );
        Assert.Equal(StorageFault.Forbidden, refused.Fault);
    }

    [SkippableFact]
    public async Task The_archive_locks()
    {
        var rgw = await Rgw.RequireAsync();
        using var bucket = rgw.Open(await rgw.ArchiveBucketAsync());
        var key = StateKey.Generate();
        var locked = new WriteOptions { LockedUntil = DateTimeOffset.UtcNow.AddMinutes(10) };
        await bucket.PutAsync("a", new MemoryStream("content"u8.ToArray()), key, locked, default);
        var version = await bucket.ListVersionsAsync("", default).SingleAsync();
        var refused = await Assert.ThrowsAsync<StorageException>(() => bucket.DeleteAsync("a", version.Version, default));
        Assert.Equal(StorageFault.Forbidden, refused.Fault);
    }
}
