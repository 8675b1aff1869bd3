using InfraCdktf.Sandbox.ObjectStorage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.ObjectStorage;

/// <summary>The files of the object store: processes share them, and each sees what the others do.</summary>
[Trait("Level", "pure")]
public sealed class BucketFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Listing_shows_what_another_process_changed(bool objectLock)
    {
        var (one, other) = (new BucketFiles(_directory.Path), new BucketFiles(_directory.Path));
        one.Create("b", objectLock);
        Write(one, "kept", 1);
        var gone = Write(one, "gone", 2);
        Assert.Equal([("gone", 2L), ("kept", 1L)], Listed(one));

        Write(other, "kept", 3);
        Write(other, "new", 4);
        other.Delete("b", "gone", gone.Version);

        Assert.Equal([("kept", 3L), ("new", 4L)], Listed(one));
        Assert.Equal(Listed(other), Listed(one));
        long[] kept = objectLock ? [3, 1, 4] : [3, 4];
        Assert.Equal(kept, one.Versions("b").Select(version => version.Size));
    }

    private static IEnumerable<(string Key, long Size)> Listed(BucketFiles files) =>
        files.List("b").Select(item => (item.Key, item.Size));

    private static StoredObject Write(BucketFiles files, string key, int size) =>
        files.Write(
            "b",
            new(key, size, "", DateTime.UtcNow, "", null, new Dictionary<string, string>()),
            new byte[size],
            customerKey: null,
            onlyIfAbsent: false
        )!;
}
