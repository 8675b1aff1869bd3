using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Support;

/// <summary>The test gateway has the properties that other tests rely on.</summary>
[Trait("Level", "real")]
public sealed class RgwTests
{
    [Fact]
    public async Task Rgw_accepts_customer_keys_and_refuses_writes_of_a_reader()
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

    [Fact]
    public async Task Rgw_archive_bucket_refuses_to_delete_a_locked_version()
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
