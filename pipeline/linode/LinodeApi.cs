using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Linode;

/// <summary>A key of object storage as the API knows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Label">Its label; labels need not be unique.</param>
/// <param name="AccessKey">Its public half.</param>
/// <param name="SecretKey">Its secret: told once, when it is made.</param>
public sealed record ObjectStorageKey(long Id, string Label, string AccessKey, string SecretKey)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Label} (id {Id})";
}

/// <summary>A bucket that a key opens.</summary>
/// <param name="Region">Its region.</param>
/// <param name="Name">Its name.</param>
/// <param name="Write">Whether it may be written.</param>
public sealed record BucketRight(string Region, string Name, bool Write);

/// <summary>
/// The few calls of Linode's API for what Terraform cannot do: it cannot make the bucket that its own state lies in. The token is <c>LINODE_TOKEN</c>;
/// <c>LINODE_URL</c> sends the calls elsewhere, as the provider reads it.
/// </summary>
public sealed class LinodeApi : IDisposable
{
    private const string UrlVariable = "LINODE_URL";
    private const string TokenVariable = "LINODE_TOKEN";
    private const int PageSize = 500;

    private readonly HttpClient _http;

    /// <summary>Opens it; nothing is called yet.</summary>
    /// <param name="environment">The caller's environment.</param>
    /// <exception cref="PipelineException">It holds no token.</exception>
    public LinodeApi(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(TokenVariable) is not { Length: > 0 } token)
            throw new PipelineException(
                $"No {TokenVariable}: set it to a personal access token with the scope object_storage:read_write."
            );
        var url = environment.GetValueOrDefault(UrlVariable) is { Length: > 0 } given ? given : "https://api.linode.com";
        _http = new() { BaseAddress = new($"{url.TrimEnd('/')}/v4/object-storage/"), Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>True when the account has the bucket.</summary>
    public async Task<bool> HasBucketAsync(string region, string name, CancellationToken cancellation) =>
        await SendAsync(HttpMethod.Get, $"buckets/{region}/{name}", body: null, cancellation) is not null;

    /// <summary>Makes a bucket, private and without versions.</summary>
    public Task MakeBucketAsync(string region, string name, string endpoint, CancellationToken cancellation) =>
        SendAsync(
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

    /// <summary>Deletes an empty bucket; one that is not there is no failure.</summary>
    public Task DeleteBucketAsync(string region, string name, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, $"buckets/{region}/{name}", body: null, cancellation);

    /// <summary>All keys of the account, without their secrets.</summary>
    public async Task<IReadOnlyList<ObjectStorageKey>> KeysAsync(CancellationToken cancellation)
    {
        var keys = new List<ObjectStorageKey>();
        for (var (page, pages) = (1, 1); page <= pages; page++)
        {
            var answer = await SendAsync(HttpMethod.Get, $"keys?page={page}&page_size={PageSize}", body: null, cancellation);
            pages = answer?["pages"]?.GetValue<int>() ?? 1;
            keys.AddRange((answer?["data"]?.AsArray() ?? []).Select(key => Read(key!)));
        }
        return keys;
    }

    /// <summary>Makes a key. Its secret is in the answer, and never to be had again.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="rights">The only buckets it opens; with none it opens everything.</param>
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
        return Read((await SendAsync(HttpMethod.Post, "keys", body, cancellation))!);
    }

    /// <summary>Revokes a key; one that is not there is no failure.</summary>
    public Task DeleteKeyAsync(ObjectStorageKey key, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, $"keys/{key.Id}", body: null, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ObjectStorageKey Read(JsonNode key) =>
        new(
            key["id"]!.GetValue<long>(),
            key["label"]!.GetValue<string>(),
            key["access_key"]!.GetValue<string>(),
            key["secret_key"]?.GetValue<string>() ?? ""
        );

    /// <returns>The answer; null when it is not there.</returns>
    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        var call = $"{method} {_http.BaseAddress}{path}";
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (response.StatusCode == HttpStatusCode.NotFound && method != HttpMethod.Post)
                return null;
            if (!response.IsSuccessStatusCode)
                throw new PipelineException($"{call}: {(int)response.StatusCode} {Reasons(text)} {Remedy(response.StatusCode)}");
            return JsonNode.Parse(text);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new PipelineException(
                $"{call}: {exception.GetBaseException().Message} See that the API can be reached from here; then run the command again.",
                exception
            );
        }
        catch (TaskCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new PipelineException(
                $"{call}: no answer in {_http.Timeout.TotalSeconds} s. Run the command again later.",
                exception
            );
        }
    }

    private static string Reasons(string text)
    {
        try
        {
            var errors = JsonNode.Parse(text)?["errors"]?.AsArray() ?? [];
            return string.Join("; ", errors.Select(error => error?["reason"]?.GetValue<string>()));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string Remedy(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                $"Set {TokenVariable} to a token that is in force and has the scope object_storage:read_write.",
            HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => "Run the command again later.",
            _ => "Mend what it says, in the inventory or in the account; then run the command again.",
        };
}
