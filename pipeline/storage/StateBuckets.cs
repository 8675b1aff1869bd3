using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>An access key of an S3 store.</summary>
/// <param name="AccessKey">Its id.</param>
/// <param name="SecretKey">Its secret.</param>
public sealed record StorageCredentials(string AccessKey, string SecretKey)
{
    /// <inheritdoc/>
    public override string ToString() => AccessKey;
}

/// <summary>
/// The two buckets of Terraform's state and the state keys, opened with the credentials in the caller's environment.
/// </summary>
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
    /// Opens both without any call. <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c> open the live bucket (as for
    /// Terraform), <c>ARCHIVE_ACCESS_KEY_ID</c> and <c>ARCHIVE_SECRET_ACCESS_KEY</c> the archive. Without an archive key the
    /// first key is used for both.
    /// </summary>
    /// <exception cref="PipelineException">The environment has no credentials.</exception>
    public static StateBuckets Open(PlatformSpec platform, IReadOnlyDictionary<string, string> environment)
    {
        if (MissingKey(environment) is { } missing)
            throw new PipelineException(missing);
        var live = Credentials(environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")!;
        var archive = Credentials(environment, "ARCHIVE_ACCESS_KEY_ID", "ARCHIVE_SECRET_ACCESS_KEY") ?? live;
        return new(
            new(BucketAddress.Live(platform, environment), live),
            new(BucketAddress.Archive(platform, environment), archive),
            new(environment)
        );
    }

    /// <summary>The sentence for a missing access key; null if there is one for both buckets.</summary>
    public static string? MissingKey(IReadOnlyDictionary<string, string> environment) =>
        Credentials(environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") is null
            ? "No access key for the buckets of the state. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. If the archive has "
                + "its own key, also set ARCHIVE_ACCESS_KEY_ID and ARCHIVE_SECRET_ACCESS_KEY."
            : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Live.Dispose();
        Archive.Dispose();
    }

    /// <summary>An access key from the caller's environment; null if the environment has none.</summary>
    /// <param name="environment">The caller's environment.</param>
    /// <param name="id">The variable of its id.</param>
    /// <param name="secret">The variable of its secret.</param>
    public static StorageCredentials? Credentials(IReadOnlyDictionary<string, string> environment, string id, string secret) =>
        environment.GetValueOrDefault(id) is { Length: > 0 } key && environment.GetValueOrDefault(secret) is { Length: > 0 } value
            ? new(key, value)
            : null;
}
