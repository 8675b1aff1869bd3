using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// One bucket of an S3 store, with the settings that Ceph's RADOS Gateway needs (Linode Object Storage is one): path style, no
/// newer checksums, no chunked signatures. Every failure is a <see cref="StorageException"/> that says what to do.
/// </summary>
public sealed class Bucket : IDisposable
{
    // Parallel calls: enough to hide the latency, few enough for any store.
    private const int SideBySide = 24;

    private readonly AmazonS3Client _client;
    private readonly WholeRequests _http = new();

    /// <summary>Opens the bucket without any call.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="credentials">Access key and secret.</param>
    /// <exception cref="PipelineException">The endpoint is neither https nor on this machine.</exception>
    public Bucket(BucketAddress address, StorageCredentials credentials)
    {
        _ = ServiceAddress.Of($"bucket {address.Name}", address.Endpoint.ToString());
        Address = address;
        _client = new(
            new BasicAWSCredentials(credentials.AccessKey, credentials.SecretKey),
            new AmazonS3Config
            {
                ServiceURL = address.Endpoint.ToString(),
                ForcePathStyle = true,
                AuthenticationRegion = address.Region,
                // Otherwise writes fail on S3-compatible stores (hashicorp/terraform#37130).
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
                MaxErrorRetry = 3,
                Timeout = TimeSpan.FromMinutes(5),
                HttpClientFactory = _http,
            }
        );
    }

    /// <summary>The folder of objects that only test the bucket and are removed again.</summary>
    internal const string TestFolder = "doctor/";

    /// <summary>Where it is.</summary>
    public BucketAddress Address { get; }

    /// <summary>The S3 client, for calls that only one command needs (creating buckets, their settings).</summary>
    public IAmazonS3 Client => _client;

    /// <summary>Writes an object, encrypted with a state key (SSE-C).</summary>
    /// <param name="key">Its key.</param>
    /// <param name="content">The content: a stream that can seek, because it is read twice, to sign it and to send it.</param>
    /// <param name="stateKey">The key that encrypts it.</param>
    /// <param name="options">The options of the write.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task PutAsync(
        string key,
        Stream content,
        StateKey stateKey,
        WriteOptions options,
        CancellationToken cancellation
    )
    {
        var request = new PutObjectRequest
        {
            BucketName = Address.Name,
            Key = key,
            InputStream = content,
            AutoCloseStream = false,
            ContentType = options.ContentType,
            // Linode refuses aws-chunked bodies.
            UseChunkEncoding = false,
            ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256,
            ServerSideEncryptionCustomerProvidedKey = stateKey.Base64,
        };
        if (options.OnlyIfAbsent)
            request.IfNoneMatch = "*";
        if (options.LockedUntil is { } until)
        {
            request.ObjectLockMode = ObjectLockMode.Compliance;
            request.ObjectLockRetainUntilDate = until.UtcDateTime;
        }
        if (options.Progress is { } progress)
            request.StreamTransferProgress += (_, transfer) => progress(transfer.TransferredBytes);
        // A lock or a test object is removed again by the same command.
        if (!options.OnlyIfAbsent && !IsPassing(key))
            NoteChange();
        await CallAsync("write", key, () => _client.PutObjectAsync(request, cancellation));
    }

    /// <summary>Reads an object and returns its size and SHA-256, without keeping it in memory; null if there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="stateKeys">The keys that it may be encrypted with. The first key that opens it is used.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<(long Size, string Sha256)?> DigestAsync(
        string key,
        IReadOnlyList<StateKey> stateKeys,
        CancellationToken cancellation
    )
    {
        await using var stream = await FirstAsync(stateKeys, stateKey => GetAsync(key, stateKey, version: null, cancellation));
        if (stream is null)
            return null;
        return await CallAsync(
            "read",
            key,
            async () =>
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var (buffer, size) = (new byte[1 << 16], 0L);
                int count;
                while ((count = await stream.ReadAsync(buffer, cancellation)) > 0)
                {
                    hash.AppendData(buffer, 0, count);
                    size += count;
                }
                return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
            }
        );
    }

    /// <summary>True if a key opens an object; with no key, true if the object is stored in clear.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="stateKey">The state key. RADOS Gateway returns an object in clear whatever key is given.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<bool> OpensAsync(string key, StateKey? stateKey, CancellationToken cancellation)
    {
        try
        {
            await using var open = await GetAsync(key, stateKey, version: null, cancellation);
            return open is not null;
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
        {
            return false;
        }
    }

    /// <summary>Reads a whole object; null if there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="stateKeys">The keys that it may be encrypted with. The first key that opens it is used.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<byte[]?> ReadAsync(string key, IReadOnlyList<StateKey> stateKeys, CancellationToken cancellation)
    {
        await using var stream = await FirstAsync(stateKeys, stateKey => GetAsync(key, stateKey, version: null, cancellation));
        return stream is null ? null : await ContentAsync(key, stream, cancellation);
    }

    /// <summary>Reads a whole object that is stored in clear; null if there is none.</summary>
    public async Task<byte[]?> ReadClearAsync(string key, CancellationToken cancellation)
    {
        await using var stream = await GetAsync(key, stateKey: null, version: null, cancellation);
        return stream is null ? null : await ContentAsync(key, stream, cancellation);
    }

    /// <summary>Counts the objects that a key opens, in parallel; with no key, those that are stored in clear.</summary>
    public async Task<int> CountOpenAsync(IEnumerable<string> keys, StateKey? stateKey, CancellationToken cancellation)
    {
        var opened = 0;
        await Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation },
            async (key, stop) =>
            {
                if (await OpensAsync(key, stateKey, stop))
                    Interlocked.Increment(ref opened);
            }
        );
        return opened;
    }

    /// <summary>Reads many whole objects in parallel. The result is null for an object that does not exist.</summary>
    public async Task<IReadOnlyList<byte[]?>> ReadManyAsync(
        IReadOnlyList<string> keys,
        IReadOnlyList<StateKey> stateKeys,
        CancellationToken cancellation
    )
    {
        var contents = new byte[]?[keys.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, keys.Count),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation },
            async (index, stop) => contents[index] = await ReadAsync(keys[index], stateKeys, stop)
        );
        return contents;
    }

    /// <summary>Describes the lock that prevents the deletion of an object's version; null if it is not locked.</summary>
    public async Task<string?> LockAsync(
        string key,
        string? version,
        IReadOnlyList<StateKey> stateKeys,
        CancellationToken cancellation
    )
    {
        var found = await FirstAsync(
            stateKeys,
            stateKey =>
                CallAsync(
                    "look at",
                    key,
                    () =>
                        _client.GetObjectMetadataAsync(
                            new GetObjectMetadataRequest
                            {
                                BucketName = Address.Name,
                                Key = key,
                                VersionId = version,
                                ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256,
                                ServerSideEncryptionCustomerProvidedKey = stateKey.Base64,
                            },
                            cancellation
                        )
                )
        );
        if (found.ObjectLockLegalHoldStatus == ObjectLockLegalHoldStatus.On)
            return "legal hold";
        return found.ObjectLockRetainUntilDate is { } until && until.ToUniversalTime() > DateTime.UtcNow
            ? FormattableString.Invariant(
                $"{found.ObjectLockMode.Value.ToLowerInvariant()} until {until.ToUniversalTime():yyyy-MM-dd}"
            )
            : null;
    }

    /// <summary>Opens an object; null if there is none. The caller disposes the stream.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="stateKey">The key that it is encrypted with; null reads without a key.</param>
    /// <param name="version">A version, in a versioned bucket; null for the latest.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Stream?> GetAsync(string key, StateKey? stateKey, string? version, CancellationToken cancellation)
    {
        var request = new GetObjectRequest
        {
            BucketName = Address.Name,
            Key = key,
            VersionId = version,
        };
        if (stateKey is not null)
        {
            request.ServerSideEncryptionCustomerMethod = ServerSideEncryptionCustomerMethod.AES256;
            request.ServerSideEncryptionCustomerProvidedKey = stateKey.Base64;
        }
        try
        {
            return (await CallAsync("read", key, () => _client.GetObjectAsync(request, cancellation))).ResponseStream;
        }
        catch (StorageException exception)
            when (exception
                    is { Fault: StorageFault.NotFound, InnerException: AmazonS3Exception { ErrorCode: not "NoSuchBucket" } }
            )
        {
            return null;
        }
    }

    /// <summary>The objects with a prefix, page by page, in the order of their keys.</summary>
    public async IAsyncEnumerable<StoredObject> ListAsync(
        string prefix,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var request = new ListObjectsV2Request { BucketName = Address.Name, Prefix = prefix };
        do
        {
            var page = await CallAsync("list", prefix, () => _client.ListObjectsV2Async(request, cancellation));
            foreach (var item in page.S3Objects ?? [])
                yield return new(item.Key, item.Size ?? 0, item.LastModified.GetValueOrDefault().ToUniversalTime());
            request.ContinuationToken = page.NextContinuationToken;
        } while (request.ContinuationToken is not null);
    }

    /// <summary>Every version of every object with a prefix, page by page.</summary>
    public async IAsyncEnumerable<StoredObject> ListVersionsAsync(
        string prefix,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var request = new ListVersionsRequest { BucketName = Address.Name, Prefix = prefix };
        bool more;
        do
        {
            var page = await CallAsync("list", prefix, () => _client.ListVersionsAsync(request, cancellation));
            foreach (var item in page.Versions ?? [])
            {
                yield return new(item.Key, item.Size ?? 0, item.LastModified.GetValueOrDefault().ToUniversalTime())
                {
                    Version = item.VersionId,
                    Latest = item.IsLatest ?? false,
                    DeleteMarker = item.IsDeleteMarker ?? false,
                };
            }
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
            more = page.IsTruncated ?? false;
        } while (more);
    }

    /// <summary>Deletes an object, or one version of it permanently. A missing object is no failure.</summary>
    public Task DeleteAsync(string key, string? version, CancellationToken cancellation)
    {
        if (!IsPassing(key))
            NoteChange();
        return CallAsync(
            "delete",
            key,
            () =>
                _client.DeleteObjectAsync(
                    new DeleteObjectRequest
                    {
                        BucketName = Address.Name,
                        Key = key,
                        VersionId = version,
                    },
                    cancellation
                )
        );
    }

    /// <summary>Notes for the message of a stop that objects of this bucket are changed.</summary>
    internal void NoteChange() => Effects.Note($"objects of the bucket {Address.Name}");

    private static bool IsPassing(string key) =>
        key.EndsWith(StateAddress.LockSuffix, StringComparison.Ordinal) || key.StartsWith(TestFolder, StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    /// <summary>Runs a call of <see cref="Client"/> on this bucket and explains its failure.</summary>
    /// <param name="verb">The verb for the message ("read").</param>
    /// <param name="key">The object or prefix.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="StorageException">The call failed.</exception>
    public async Task<T> CallAsync<T>(string verb, string key, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonS3Exception exception)
        {
            throw Explain(verb, key, exception);
        }
        catch (Exception exception)
            when (exception is AmazonClientException or HttpRequestException or IOException or TimeoutException)
        {
            throw new StorageException(
                StorageFault.Unreachable,
                $"{Address}: cannot {verb} {key}: {exception.GetBaseException().Message} Check that the endpoint can be "
                    + "reached from this machine, then run the command again.",
                exception
            );
        }
    }

    private Task<byte[]> ContentAsync(string key, Stream stream, CancellationToken cancellation) =>
        CallAsync(
            "read",
            key,
            async () =>
            {
                using var content = new MemoryStream();
                await stream.CopyToAsync(content, cancellation);
                return content.ToArray();
            }
        );

    private static async Task<T> FirstAsync<T>(IReadOnlyList<StateKey> stateKeys, Func<StateKey, Task<T>> call)
    {
        foreach (var stateKey in stateKeys.SkipLast(1))
        {
            try
            {
                return await call(stateKey);
            }
            catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
            {
                // Try the next key.
            }
        }
        return await call(stateKeys[^1]);
    }

    private StorageException Explain(string verb, string key, AmazonS3Exception exception)
    {
        var (fault, remedy) = (exception.ErrorCode, exception.StatusCode) switch
        {
            ("InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired", _) =>
                (
                    StorageFault.Credentials,
                    "The access key is wrong, expired or revoked. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a valid key."
                ),
            ("RequestTimeTooSkewed", _) => (
                StorageFault.Refused,
                "This machine's clock is wrong. Correct it, then run the command again."
            ),
            ("NoSuchBucket", _) => (StorageFault.NotFound, "The bucket does not exist. \"state bootstrap\" creates it."),
            (_, HttpStatusCode.NotFound) => (StorageFault.NotFound, "It does not exist."),
            (_, HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict) => (
                StorageFault.Taken,
                "Another writer wrote it first."
            ),
            ("InvalidArgument" or "InvalidRequest" or "BadRequest" or "XAmzContentSHA256Mismatch", HttpStatusCode.BadRequest)
                when verb is "read" or "look at" => (
                StorageFault.StateKey,
                "It is encrypted with another state key, or the key is missing. Set the stack's state key (STATE_KEY_...)."
            ),
            (_, HttpStatusCode.Forbidden) => (
                StorageFault.Forbidden,
                "The access key has no permission for this. Use one that has."
            ),
            (_, >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests) => (
                StorageFault.Unreachable,
                "The store has a failure. Run the command again later."
            ),
            _ => (StorageFault.Refused, "The store refused the call."),
        };
        return new(
            fault,
            $"{Address}: cannot {verb} {key}: {exception.ErrorCode} ({(int)exception.StatusCode}). {remedy}",
            exception
        );
    }
}
