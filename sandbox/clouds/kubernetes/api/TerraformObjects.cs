using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Converts an object between two forms: Terraform's attributes (snake case, every block is a list, one block in the singular
/// per element) and the API's JSON. The conversion follows the provider's schema. Fields that are not in the schema are lost in
/// the conversion to Terraform, as in the real provider.
/// </summary>
internal static class TerraformObjects
{
    /// <summary>The provider's own arguments, which are not part of the object.</summary>
    private static readonly HashSet<string> _providersOwn =
    [
        "id",
        "timeouts",
        "wait_for_completion",
        "wait_for_default_service_account",
        "wait_for_load_balancer",
        "wait_for_rollout",
        "wait_for_service_account_token",
        "default_secret_name",
        "data_wo",
        "data_wo_revision",
        "binary_data_wo",
        "binary_data_wo_revision",
    ];

    /// <summary>Blocks that are a list in the API, under the plural of their name.</summary>
    private static readonly HashSet<string> _plural =
    [
        "container",
        "init_container",
        "image_pull_secret",
        "limit",
        "port",
        "rule",
        "secret",
        "subject",
        "toleration",
        "topology_spread_constraint",
        "volume",
        "volume_claim_template",
        "volume_device",
        "volume_mount",
    ];

    /// <summary>Names that do not follow from camel case.</summary>
    private static readonly Dictionary<string, string> _irregular = new()
    {
        ["cluster_ip"] = "clusterIP",
        ["cluster_ips"] = "clusterIPs",
        ["external_ips"] = "externalIPs",
        ["external_id"] = "externalID",
        ["load_balancer_ip"] = "loadBalancerIP",
        ["client_ip"] = "clientIP",
        ["host_ip"] = "hostIP",
        ["host_ipc"] = "hostIPC",
        ["host_pid"] = "hostPID",
        ["pod_ip"] = "podIP",
        ["non_resource_urls"] = "nonResourceURLs",
        ["provider_id"] = "providerID",
        ["storage_provisioner"] = "provisioner",
        ["set_hostname_as_fqdn"] = "setHostnameAsFQDN",
        ["dns_policy"] = "dnsPolicy",
    };

    /// <summary>Fields that are a number (or a number or a string) in the API and a string in the provider.</summary>
    private static readonly HashSet<string> _numbers =
    [
        "replicas",
        "runAsUser",
        "runAsGroup",
        "fsGroup",
        "port",
        "targetPort",
        "minAvailable",
        "maxUnavailable",
        "maxSurge",
    ];

    public static JsonObject ToKubernetes(ApiKind kind, BodySchema schema, JsonObject attributes, DateTimeOffset created)
    {
        var json = Object(schema, attributes);
        json["apiVersion"] = kind.ApiVersion;
        json["kind"] = kind.Name;
        // Terraform has no such attribute.
        json["metadata"]!["creationTimestamp"] = ClusterView.Time(created);
        // The provider has it as a list; the API server answers this object for a Service or Ingress without a load balancer.
        if (json["status"] is JsonArray)
            json["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        if (kind.Plural == "secrets" && json["data"] is JsonObject data)
            json["data"] = Each(data, text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        return json;
    }

    /// <summary>The attributes after a change through the API. Attributes that the API's object does not hold are kept.</summary>
    public static JsonObject ToTerraform(ApiKind kind, BodySchema schema, JsonObject json, JsonObject before)
    {
        var source = json.DeepClone().AsObject();
        if (kind.Plural == "secrets" && source["data"] is JsonObject data)
            source["data"] = Each(data, text => Encoding.UTF8.GetString(Convert.FromBase64String(text)));
        var attributes = Attributes(schema, source, before);
        foreach (var name in _providersOwn.Where(before.ContainsKey))
            attributes[name] = before[name]?.DeepClone();
        return attributes;
    }

    private static JsonObject Object(BodySchema schema, JsonObject attributes)
    {
        var json = new JsonObject();
        foreach (var name in schema.Attributes.Keys.Except(_providersOwn))
        {
            if (attributes[name] is { } value && !IsEmpty(value))
                json[Key(name)] = Number(Key(name), value);
        }
        foreach (var (name, block) in schema.Blocks.Where(block => !_providersOwn.Contains(block.Key)))
        {
            var items = attributes.Items(name).Select(item => (JsonNode)Object(block.Body, item as JsonObject ?? [])).ToArray();
            if (items.Length > 0)
                json[Key(name, block)] = block.Single ? items[0] : new JsonArray(items);
        }
        return json;
    }

    private static JsonObject Attributes(BodySchema schema, JsonObject json, JsonNode? before)
    {
        var attributes = new JsonObject();
        foreach (var (name, attribute) in schema.Attributes)
        {
            // For the API an empty and a missing value are equal, for Terraform they differ: an empty value stays empty.
            var value =
                json[Key(name)] is { } given && !IsEmpty(given) ? given
                : before.At(name) is { } last && IsEmpty(last) ? last
                : null;
            // The schema decides the type: a number becomes a string if the provider stores it as a string.
            attributes[name] = JsonValues.ToJson(JsonValues.FromJson(value, attribute.Type));
        }
        foreach (var (name, block) in schema.Blocks)
        {
            var inner = json[Key(name, block)] switch
            {
                JsonArray list => list.ToList(),
                JsonObject one => [one],
                _ => [],
            };
            attributes[name] = new JsonArray([
                .. inner.Select(
                    (item, at) =>
                        (JsonNode)Attributes(block.Body, item as JsonObject ?? [], before.Items(name).ElementAtOrDefault(at))
                ),
            ]);
        }
        return attributes;
    }

    private static string Key(string name, NestedSchema block) =>
        Key(name) + (!block.Single && _plural.Contains(name) ? "s" : "");

    private static string Key(string name) => _irregular.GetValueOrDefault(name) ?? Camel(name);

    private static string Camel(string name) =>
        string.Concat(
            name.Split('_', StringSplitOptions.RemoveEmptyEntries)
                .Select((word, at) => at == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..])
        );

    private static JsonNode Number(string key, JsonNode value) =>
        _numbers.Contains(key) && value is JsonValue text && Numbers.IsLiteral(text.ToString())
            ? JsonNode.Parse(text.ToString())!
            : value.DeepClone();

    private static bool IsEmpty(JsonNode value) =>
        value switch
        {
            JsonArray list => list.Count == 0,
            JsonObject map => map.Count == 0,
            _ => value.ToString() == "",
        };

    private static JsonObject Each(JsonObject map, Func<string, string> change) =>
        new(map.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)change(entry.Value!.ToString()))));
}
