using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Linode;

/// <summary>A key of object storage, as the API returns it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Label">Its label; labels need not be unique.</param>
/// <param name="AccessKey">Its public half.</param>
/// <param name="SecretKey">Its secret: shown only at creation, empty in a listing.</param>
public sealed record ObjectStorageKey(long Id, string Label, string AccessKey, string SecretKey = "")
{
    /// <inheritdoc/>
    public override string ToString() => $"{Label} (id {Id})";
}

/// <summary>A bucket that a key opens.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Name">Its name.</param>
/// <param name="Write">True if the key may write into it.</param>
public sealed record BucketRight(string Region, string Name, bool Write);

/// <summary>
/// The calls of Linode's API for tasks that Terraform cannot do: it cannot create the bucket of its own state.
/// </summary>
/// <param name="environment">The caller's environment.</param>
/// <param name="time">The clock of waits and time limits.</param>
/// <exception cref="PipelineException">The environment has no token.</exception>
public sealed class LinodeApi(IReadOnlyDictionary<string, string> environment, TimeProvider time) : IDisposable
{
    private readonly LinodeClient _client = new(
        environment,
        "a personal access token with the scope object_storage:read_write",
        time
    );

    /// <summary>True when the account has the bucket.</summary>
    public async Task<bool> HasBucketAsync(string region, string name, CancellationToken cancellation) =>
        await SendAsync<JsonObject>(HttpMethod.Get, $"buckets/{region}/{name}", body: null, cancellation) is not null;

    /// <summary>Creates a bucket, private and without versioning.</summary>
    public Task MakeBucketAsync(string region, string name, string endpoint, CancellationToken cancellation) =>
        SendAsync<JsonObject>(
            HttpMethod.Post,
            "buckets",
            new JsonObject
            {
                ["region"] = region,
                ["label"] = name,
                ["s3_endpoint"] = endpoint,
                ["acl"] = "private",
            },
            cancellation
        );

    /// <summary>Deletes an empty bucket. A missing bucket is no failure.</summary>
    public Task DeleteBucketAsync(string region, string name, CancellationToken cancellation) =>
        SendAsync<JsonObject>(HttpMethod.Delete, $"buckets/{region}/{name}", body: null, cancellation);

    /// <summary>All keys of the account, without their secrets.</summary>
    public Task<IReadOnlyList<ObjectStorageKey>> KeysAsync(CancellationToken cancellation) =>
        _client.ListAsync<ObjectStorageKey>("object-storage/keys", cancellation);

    /// <summary>Creates a key. Only this answer has its secret.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="rights">The buckets that the key opens. Without any, the key opens every bucket.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<ObjectStorageKey> MakeKeyAsync(
        string label,
        IReadOnlyList<BucketRight> rights,
        CancellationToken cancellation
    )
    {
        var body = new JsonObject { ["label"] = label };
        if (rights.Count > 0)
        {
            body["bucket_access"] = new JsonArray([
                .. rights.Select(right => new JsonObject
                {
                    ["region"] = right.Region,
                    ["bucket_name"] = right.Name,
                    ["permissions"] = right.Write ? "read_write" : "read_only",
                }),
            ]);
        }
        return (await SendAsync<ObjectStorageKey>(HttpMethod.Post, "keys", body, cancellation))!;
    }

    /// <summary>Revokes a key. A missing key is no failure.</summary>
    public Task DeleteKeyAsync(ObjectStorageKey key, CancellationToken cancellation) =>
        SendAsync<JsonObject>(HttpMethod.Delete, $"keys/{key.Id}", body: null, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<T?> SendAsync<T>(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
        where T : class => _client.SendAsync<T>(method, $"object-storage/{path}", body, cancellation);
}
