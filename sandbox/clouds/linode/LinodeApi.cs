using System.Globalization;
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
/// The calls of Linode's own API that this program makes without Terraform, on the same account (techdocs.akamai.com/linode-api):
/// buckets and keys of object storage, and the lists of what the provider creates. The created objects are equal to those of the
/// provider. An entry of a list has the fields of the attributes with the same name; id and created are as in the recorded
/// answers of linode/linodego (test/integration/fixtures: TestVPC_List, TestVPC_Subnet_List, TestFirewalls_List,
/// TestLKEClusters_List, TestDatabase_Postgres_Suite, TestDomains_List, TestObjectStorageKey_List, TestLocks).
/// </summary>
internal sealed class LinodeApi(Cloud cloud, Account account, string token)
{
    private const string Bucket = "linode_object_storage_bucket";
    private const string Key = "linode_object_storage_key";

    // Later answers show this text instead of a key's secret.
    private const string Redacted = "[REDACTED]";

    // OpenAPI 4.229.1: 25 to 500, 100 if none is given.
    private const int DefaultPageSize = 100;
    private const int SmallestPageSize = 25;
    private const int LargestPageSize = 500;

    // The provider's attributes that are no fields of the API's answer, or secrets of another call.
    private static readonly string[] _notListed =
    [
        "kubeconfig",
        "root_password",
        "root_username",
        "ca_cert",
        "timeouts",
        "entity_id",
        "entity_type",
        "entity_label",
        "entity_url",
    ];

    // Domains, keys and locks have no time of their creation in the recorded answers.
    private static readonly string[] _undated = ["linode_domain", Key, "linode_lock"];

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
        // /v4/object-storage/buckets/us-ord/name; v4 or v4beta
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, path) switch
        {
            ("GET", [_, "object-storage", "buckets", var region, var name]) => account.Find(Bucket, $"{region}:{name}")
                is { } bucket
                ? Shown(bucket)
                : null,
            ("GET", [_, "object-storage", "buckets", var region]) => Page(
                request,
                Bucket,
                bucket => bucket.Attributes.Text("region") == region
            ),
            ("POST", [_, "object-storage", "buckets"]) => Make(Bucket, await BodyAsync(request)),
            ("DELETE", [_, "object-storage", "buckets", var region, var name]) => Remove(Bucket, $"{region}:{name}"),
            ("GET", [_, "object-storage", "keys"]) => Page(request, Key),
            ("POST", [_, "object-storage", "keys"]) => Make(Key, await BodyAsync(request)),
            ("DELETE", [_, "object-storage", "keys", var id]) => Remove(Key, id),
            ("DELETE", [_, "networking", "firewalls", var id]) => Remove("linode_firewall", id),
            ("DELETE", [_, "lke", "clusters", var id]) => Remove("linode_lke_cluster", id),
            ("DELETE", [_, "databases", "postgresql", "instances", var id]) => Remove("linode_database_postgresql_v2", id),
            ("DELETE", [_, "domains", var id]) => Remove("linode_domain", id),
            ("GET", [_, "vpcs"]) => Page(request, "linode_vpc"),
            ("GET", [_, "vpcs", var vpc, "subnets"]) => account.Find("linode_vpc", vpc) is null
                ? null
                : Page(request, "linode_vpc_subnet", subnet => subnet.Attributes.Text("vpc_id") == vpc),
            ("GET", [_, "networking", "firewalls"]) => Page(request, "linode_firewall"),
            ("GET", [_, "lke", "clusters"]) => Page(request, "linode_lke_cluster"),
            ("GET", [_, "databases", "postgresql", "instances"]) => Page(request, "linode_database_postgresql_v2"),
            ("GET", [_, "domains"]) => Page(request, "linode_domain"),
            // Beta: the provider's documentation of linode_lock.
            ("GET", ["v4beta", "locks"]) => Page(request, "linode_lock"),
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
            answer["id"] = int.Parse(made.Id, CultureInfo.InvariantCulture);
        return answer;
    }

    private JsonObject? Remove(string type, string id)
    {
        if (account.Find(type, id) is null)
            return null;
        _resources.Delete(type, id);
        return [];
    }

    private static JsonObject Shown(AccountObject item)
    {
        var shown = item.Attributes.DeepClone().AsObject();
        if (item.Type == "linode_lock")
        {
            shown["entity"] = new JsonObject
            {
                ["id"] = shown.Whole("entity_id"),
                ["type"] = shown.Text("entity_type"),
                ["label"] = shown.Text("entity_label"),
                ["url"] = shown.Text("entity_url"),
            };
        }
        foreach (var field in _notListed)
            shown.Remove(field);
        // A bucket has no number.
        if (int.TryParse(item.Id, CultureInfo.InvariantCulture, out var number))
            shown["id"] = number;
        else
            shown.Remove("id");
        if (item.Type == Key)
            shown["secret_key"] = Redacted;
        // In UTC, without a time zone.
        shown.Remove("created");
        if (!_undated.Contains(item.Type))
            shown["created"] = item.Created.UtcDateTime.ToString("s", CultureInfo.InvariantCulture);
        return shown;
    }

    private JsonObject? Page(HttpRequest request, string type, Func<AccountObject, bool>? filter = null)
    {
        if (request.Headers.ContainsKey("X-Filter"))
            throw new ProviderException("The sandbox supports no X-Filter. Add it to sandbox/clouds/linode/LinodeApi.cs.");
        var number = Whole(request, "page", 1);
        var size = Whole(request, "page_size", DefaultPageSize);
        if (size is < SmallestPageSize or > LargestPageSize)
            throw new ProviderException($"Must be {SmallestPageSize}-{LargestPageSize}");
        var all = account.Objects.Where(item => item.Type == type && filter?.Invoke(item) != false).ToList();
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        if (number < 1 || number > pages)
            return null;
        return new()
        {
            ["data"] = new JsonArray([.. all.Skip((number - 1) * size).Take(size).Select(Shown)]),
            ["page"] = number,
            ["pages"] = pages,
            ["results"] = all.Count,
        };
    }

    private static int Whole(HttpRequest request, string name, int otherwise) =>
        request.Query[name] is [{ } text] ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static async Task<JsonObject> BodyAsync(HttpRequest request) =>
        (await JsonNode.ParseAsync(request.Body))?.AsObject() ?? [];

    private static JsonObject Error(string reason) =>
        new() { ["errors"] = new JsonArray(new JsonObject { ["reason"] = reason }) };
}
