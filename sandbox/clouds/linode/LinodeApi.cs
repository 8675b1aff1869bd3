using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Hosting;
using InfraCdktf.Sandbox.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>
/// The calls of Linode's own API that this program makes without Terraform, on the same account: buckets and keys of object
/// storage (techdocs.akamai.com/linode-api). The created objects are equal to those of the provider.
/// </summary>
internal sealed class LinodeApi(Cloud cloud, Account account, string token)
{
    private const string Bucket = "linode_object_storage_bucket";
    private const string Key = "linode_object_storage_key";

    // Later answers show this text instead of a key's secret.
    private const string Redacted = "[REDACTED]";

    private readonly Resources _resources = new(cloud, account, new Caller([], new("")));

    /// <summary>Serves the API on a free port of 127.0.0.1.</summary>
    public Task<LoopbackServer> ListenAsync(CancellationToken ct) =>
        LoopbackServer.StartAsync(HttpProtocols.Http1, ServeAsync, ct);

    private async Task ServeAsync(HttpContext context)
    {
        var (status, body) = (404, Error("Not found"));
        try
        {
            if (context.Request.Headers.Authorization != $"Bearer {token}")
                (status, body) = (401, Error("Invalid Token"));
            else if (await AnswerAsync(context.Request) is { } answer)
                (status, body) = (200, answer);
        }
        catch (ProviderException refused)
        {
            (status, body) = (400, Error(refused.Message));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            (status, body) = (400, Error(exception.Message));
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }

    private async Task<JsonObject?> AnswerAsync(HttpRequest request)
    {
        // /v4/object-storage/buckets/us-ord/name
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, path) switch
        {
            ("GET", [_, "object-storage", "buckets", var region, var name]) => account
                .Find(Bucket, $"{region}:{name}")
                ?.Attributes.DeepClone()
                .AsObject(),
            ("POST", [_, "object-storage", "buckets"]) => Make(Bucket, await BodyAsync(request)),
            ("DELETE", [_, "object-storage", "buckets", var region, var name]) => Remove(Bucket, $"{region}:{name}"),
            ("GET", [_, "object-storage", "keys"]) => Page(account.Objects.Where(item => item.Type == Key).Select(Shown)),
            ("POST", [_, "object-storage", "keys"]) => Make(Key, await BodyAsync(request)),
            ("DELETE", [_, "object-storage", "keys", var id]) => Remove(Key, id),
            _ => null,
        };
    }

    private JsonObject Make(string type, JsonObject body)
    {
        var config = (MapValue)JsonValues.FromJson(body, cloud.Schema.Resources[type].Body.Type)!;
        var planned = _resources.Plan(type, config, prior: null, config).Planned;
        var made = _resources.Create(type, config, planned);
        var answer = account.Find(type, made.Id)!.Attributes.DeepClone().AsObject();
        if (type == Key)
            answer["id"] = int.Parse(made.Id, System.Globalization.CultureInfo.InvariantCulture);
        return answer;
    }

    private JsonObject? Remove(string type, string id)
    {
        if (account.Find(type, id) is null)
            return null;
        _resources.Delete(type, id);
        return [];
    }

    private static JsonObject Shown(AccountObject key)
    {
        var shown = key.Attributes.DeepClone().AsObject();
        shown["id"] = int.Parse(key.Id, System.Globalization.CultureInfo.InvariantCulture);
        shown["secret_key"] = Redacted;
        return shown;
    }

    private static JsonObject Page(IEnumerable<JsonObject> items)
    {
        var data = new JsonArray([.. items]);
        return new()
        {
            ["data"] = data,
            ["page"] = 1,
            ["pages"] = 1,
            ["results"] = data.Count,
        };
    }

    private static async Task<JsonObject> BodyAsync(HttpRequest request) =>
        (await JsonNode.ParseAsync(request.Body))?.AsObject() ?? [];

    private static JsonObject Error(string reason) =>
        new() { ["errors"] = new JsonArray(new JsonObject { ["reason"] = reason }) };
}
