using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>An access key to a store.</summary>
/// <param name="AccessKey">Its id.</param>
/// <param name="SecretKey">Its secret.</param>
public sealed record StorageCredentials(string AccessKey, string SecretKey)
{
    /// <inheritdoc/>
    public override string ToString() => AccessKey;
}

/// <summary>The two buckets of Terraform's state, opened with what the caller's environment holds, and the keys to what lies in them.</summary>
public sealed class StateBuckets : IDisposable
{
    private StateBuckets(Bucket live, Bucket archive, StateKeys keys) => (Live, Archive, Keys) = (live, archive, keys);

    /// <summary>The bucket of the live state, unversioned.</summary>
    public Bucket Live { get; }

    /// <summary>The bucket of the archive, with object lock.</summary>
    public Bucket Archive { get; }

    /// <summary>The state keys.</summary>
    public StateKeys Keys { get; }

    /// <summary>
    /// Opens both; nothing is called yet. <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c> open the live bucket (as for Terraform),
    /// <c>ARCHIVE_ACCESS_KEY_ID</c> and <c>ARCHIVE_SECRET_ACCESS_KEY</c> the archive; without these the same key is tried for both.
    /// </summary>
    /// <exception cref="PipelineException">There are no credentials.</exception>
    public static StateBuckets Open(PlatformSpec platform, IReadOnlyDictionary<string, string> environment)
    {
        var live = Credentials(environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        var archive = Credentials(environment, "ARCHIVE_ACCESS_KEY_ID", "ARCHIVE_SECRET_ACCESS_KEY") ?? live;
        if (live is null || archive is null)
        {
            throw new PipelineException(
                "The buckets of the state need an access key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and, where the archive has a key of its own, ARCHIVE_ACCESS_KEY_ID and ARCHIVE_SECRET_ACCESS_KEY)."
            );
        }
        return new(
            new(BucketAddress.Live(platform, environment), live),
            new(BucketAddress.Archive(platform, environment), archive),
            new(environment)
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Live.Dispose();
        Archive.Dispose();
    }

    /// <summary>An access key that the caller's environment holds; null when it does not.</summary>
    /// <param name="environment">The caller's environment.</param>
    /// <param name="id">The variable of its id.</param>
    /// <param name="secret">The variable of its secret.</param>
    public static StorageCredentials? Credentials(IReadOnlyDictionary<string, string> environment, string id, string secret) =>
        environment.GetValueOrDefault(id) is { Length: > 0 } key && environment.GetValueOrDefault(secret) is { Length: > 0 } value
            ? new(key, value)
            : null;
}
