using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>LKE clusters, standard and enterprise tier.</summary>
internal sealed partial class ClusterRules(Catalogue catalogue) : ResourceRules
{
    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        var enterprise = IsEnterprise(item.Planned);
        var pool = item.Planned.At(attribute.Place[..Math.Max(0, attribute.Place.LastIndexOf('.'))]);
        value = attribute.Path switch
        {
            "status" => "ready", // the status of the control plane's record from the first answer on: no proof of readiness
            "tier" => "standard",
            "stack_type" => "ipv4",
            "apl_enabled" => false,
            "api_endpoints" => new JsonArray($"https://{Host(item)}:443", $"https://{Host(item)}:6443"),
            "dashboard_url" => enterprise ? "" : $"https://{Host(item)}/dashboard",
            "kubeconfig" => Kubeconfig(item),
            // An enterprise cluster always has a VPC. Linode creates one if none is given.
            "vpc_id" or "subnet_id" => enterprise ? 1 + (long)(Synthetic.Number(item.Seed + attribute.Path) % 90_000_000) : 0,
            "tags" => new JsonArray(),
            "control_plane.high_availability" => enterprise,
            "control_plane.audit_logs_enabled" => false,
            "control_plane.acl.enabled" => enterprise,
            "pool.count" => pool.Whole("autoscaler.0.min") ?? 3,
            "pool.nodes" => Nodes(pool, $"{item.Seed}/{attribute.Place}"),
            "pool.disk_encryption" => "disabled",
            "pool.firewall_id" => 0,
            "pool.k8s_version" => enterprise ? item.Planned.Text("k8s_version") : null,
            "pool.update_strategy" => enterprise ? "on_recycle" : null,
            _ => null,
        };
        return value is not null || attribute.Path.StartsWith("pool.", StringComparison.Ordinal) && attribute.Path != "pool.id";
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        var enterprise = IsEnterprise(attributes);
        catalogue.Require(attributes.Text("region"), enterprise ? "Kubernetes Enterprise" : "Kubernetes", "LKE is");
        if (attributes.Text("label") is not { } label || !Label().IsMatch(label))
            throw Refused("[label] Must be 3-32 characters: letters, numbers and hyphens, starting and ending with no hyphen");
        if (item.Config.Text("tier") is not null && item.Caller.Settings.Text("api_version") != "v4beta")
            throw Refused("[tier] is not a valid field: set api_version = \"v4beta\" in the provider block");
        CheckVersion(attributes.Text("k8s_version") ?? "", enterprise, before);
        if (enterprise)
            CheckEnterprise(account, item.Config, attributes);
        else if (!attributes.Items("pool").Any())
            throw Refused("[node_pools] At least one node pool is required");
        if (
            before is not null
            && before.Attributes.True("control_plane.0.high_availability")
            && !attributes.True("control_plane.0.high_availability")
        )
            throw Refused("[control_plane.high_availability] High Availability cannot be disabled");
        foreach (var address in Acl(attributes, "ipv4").Concat(Acl(attributes, "ipv6")).SelectMany(a => a))
            if (!IPNetwork.TryParse(address!.ToString(), out _) && !IPAddress.TryParse(address.ToString(), out _))
                throw Refused($"[control_plane.acl.addresses] Must be valid IP addresses or ranges: {address}");
        foreach (var pool in attributes.Items("pool"))
            NodePoolRules.CheckPool(catalogue, pool!, pool.Whole("count"));
    }

    public override JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before)
    {
        // The provider sends these only at creation. A change is planned but never sent, so every later plan shows it again
        // (linode-provider 3.13.0, measured).
        foreach (var name in new[] { "vpc_id", "subnet_id" })
            if (before is not null)
                attributes[name] = before.Attributes[name]?.DeepClone();
        foreach (var addresses in Acl(attributes, "ipv4"))
            Normalise(addresses, "/32");
        foreach (var addresses in Acl(attributes, "ipv6"))
            Normalise(addresses, "/128");
        foreach (var pool in attributes.Items("pool").OfType<JsonObject>())
        {
            // Linode ignores these arguments here. The answer lacks them, so every later plan shows a difference.
            if (!IsEnterprise(attributes) && pool["firewall_id"] is not null)
                pool["firewall_id"] = 0;
            if (IsEnterprise(attributes) && item.Config.Items("pool").Any(p => p.Text("update_strategy") is not null))
                pool["update_strategy"] = null;
        }
        return attributes;
    }

    public override void Delete(Transaction account, AccountObject item)
    {
        LockRules.CheckUnlocked(account, "lkecluster", item);
        foreach (
            var pool in account.OfType("linode_lke_node_pool").Where(p => p.Attributes.Text("cluster_id") == item.Id).ToList()
        )
            account.Remove(pool);
        account.Remove(item);
    }

    public static JsonArray Nodes(JsonNode? pool, string seed) =>
        new([
            .. Enumerable
                .Range(0, (int)(pool.Whole("count") ?? pool.Whole("node_count") ?? Minimum(pool)))
                .Select(i => new JsonObject
                {
                    ["id"] = $"{Synthetic.Number(seed) % 900_000}-{Synthetic.Hex($"{seed}/{i}", 12)}",
                    ["instance_id"] = 1 + (long)(Synthetic.Number($"{seed}/{i}") % 90_000_000),
                    ["status"] = "ready",
                }),
        ]);

    private static long Minimum(JsonNode? pool) => pool.Whole("autoscaler.0.min") ?? 3;

    private static bool IsEnterprise(JsonNode attributes) => attributes.Text("tier") == "enterprise";

    private static IEnumerable<JsonArray> Acl(JsonObject attributes, string family) =>
        attributes.Items("control_plane.0.acl.0.addresses").Select(a => a.At(family)).OfType<JsonArray>();

    private static void CheckVersion(string version, bool enterprise, AccountObject? before)
    {
        if (!(enterprise ? EnterpriseVersion() : StandardVersion()).IsMatch(version))
            throw new ProviderException(FaultErrors.KubernetesVersion);
        if (before is not null && Minor(version) is var to && Minor(before.Attributes.Text("k8s_version")!) is var from)
            if (to < from || to > from + 1)
                throw new ProviderException(FaultErrors.KubernetesVersion);
    }

    private static int Minor(string version) => int.Parse(version.Split('.')[1], CultureInfo.InvariantCulture);

    private static void CheckEnterprise(Transaction account, JsonObject config, JsonObject attributes)
    {
        if (!Acl(attributes, "ipv4").Concat(Acl(attributes, "ipv6")).SelectMany(a => a).Any())
            throw Refused("[control_plane.acl] At least one IP address or CIDR range is required for LKE Enterprise");
        var (vpc, subnet) = (config.Text("vpc_id"), config.Text("subnet_id"));
        if (vpc is null && subnet is null)
            return;
        if (vpc is null || subnet is null)
            throw Refused("[subnet_id] vpc_id and subnet_id must be given together");
        if (account.Find("linode_vpc", vpc) is not { } network || account.Find("linode_vpc_subnet", subnet) is not { } inside)
            throw Refused("[subnet_id] VPC or subnet not found");
        if (inside.Attributes.Text("vpc_id") != vpc)
            throw Refused("[subnet_id] The subnet does not belong to the VPC");
        if (network.Attributes.Text("region") != attributes.Text("region"))
            throw Refused("[vpc_id] The VPC must be in the cluster's region");
        if (!inside.Attributes.Items("ipv6").Any())
            throw Refused("[subnet_id] The subnet must be dual stack: it has no IPv6 range");
    }

    private static void Normalise(JsonArray addresses, string suffix)
    {
        for (var i = 0; i < addresses.Count; i++)
            if (addresses[i]?.ToString() is { } address && !address.Contains('/'))
                addresses[i] = address + suffix;
    }

    private static string Host(NewObject item) =>
        $"{Synthetic.Uuid(item.Seed)}.{item.Planned.Text("region")}.linodelke.sandbox.invalid";

    private static string Kubeconfig(NewObject item) =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes(
                $$"""
                apiVersion: v1
                kind: Config
                clusters:
                - name: lke{{item.Id}}
                  cluster: {server: "https://{{Host(item)}}:443", certificate-authority-data: {{Convert.ToBase64String(
                    "sandbox"u8
                )}}}
                users:
                - name: lke{{item.Id}}-admin
                  user: {token: {{Synthetic.Hex(item.Seed, 32)}}}
                contexts:
                - name: lke{{item.Id}}-ctx
                  context: {cluster: lke{{item.Id}}, user: lke{{item.Id}}-admin, namespace: default}
                current-context: lke{{item.Id}}-ctx
                """
            )
        );

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{1,30}[A-Za-z0-9]\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^1\.[0-9]{2}\z")]
    private static partial Regex StandardVersion();

    [GeneratedRegex(@"^v1\.[0-9]{2}\.[0-9]+\+lke[0-9]+\z")]
    private static partial Regex EnterpriseVersion();
}

/// <summary>A node pool as a separate resource. <see cref="CheckPool"/> also applies to the pools inside a cluster.</summary>
internal sealed class NodePoolRules(Catalogue catalogue) : ResourceRules
{
    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "node_count" => item.Planned.Whole("autoscaler.0.min") ?? 3,
            "nodes" => ClusterRules.Nodes(item.Planned, item.Seed),
            "disk_encryption" => "disabled",
            "firewall_id" => 0,
            _ => null,
        };
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (account.Find("linode_lke_cluster", attributes.Text("cluster_id") ?? "") is null)
            throw new ProviderException("[404] Not found");
        CheckPool(catalogue, attributes, attributes.Whole("node_count"));
    }

    public override void Delete(Transaction account, AccountObject item)
    {
        LockRules.CheckUnlocked(account, "lkenodepool", item);
        account.Remove(item);
    }

    public static void CheckPool(Catalogue catalogue, JsonNode pool, long? count)
    {
        if (!catalogue.HasType(pool.Text("type")))
            throw Refused("[node_pools.type] Type is not valid");
        if (pool.Text("label") is { Length: >= 16 } label)
            throw Refused($"[node_pools.label] Must be at most 15 characters, or nodes do not join: {label}");
        if (count is < 1 or > 500)
            throw Refused("[node_pools.count] Must be between 1 and 500");
        if (
            pool.Whole("autoscaler.0.min") is { } min
            && pool.Whole("autoscaler.0.max") is { } max
            && (min < 1 || min > max || max > 500)
        )
            throw Refused("[node_pools.autoscaler] min must be at least 1 and at most max");
    }
}

/// <summary>Deletion locks. They are beta and need api_version v4beta.</summary>
internal sealed class LockRules : ResourceRules
{
    private static readonly Dictionary<string, string> _types = new()
    {
        ["linode"] = "linode_instance",
        ["nodebalancer"] = "linode_nodebalancer",
        ["volume"] = "linode_volume",
        ["lkecluster"] = "linode_lke_cluster",
        ["lkenodepool"] = "linode_lke_node_pool",
    };

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "entity_label" => Entity(item.Account, item.Planned)?.Name,
            "entity_url" => $"/v4/{item.Planned.Text("entity_type")}/{item.Planned.Text("entity_id")}",
            _ => null,
        };
        return value is not null;
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        if (item.Caller.Settings.Text("api_version") != "v4beta")
            throw new ProviderException("[404] Not found", "Locks are beta: set api_version = \"v4beta\" in the provider block.");
        if (Entity(account, attributes) is null)
            throw Refused("[entity_id] Entity not found");
        if (attributes.Text("entity_type") is "lkecluster" or "lkenodepool" && attributes.Text("lock_type") != "cannot_delete")
            throw Refused("[lock_type] Only cannot_delete is valid for this entity");
        if (account.OfType(item.Type).Any(l => Same(l.Attributes, attributes)))
            throw Refused("[entity_id] Entity is already locked");
    }

    /// <exception cref="ProviderException">The object has a lock.</exception>
    public static void CheckUnlocked(Transaction account, string entityType, AccountObject item)
    {
        if (
            account
                .OfType("linode_lock")
                .Any(l => l.Attributes.Text("entity_type") == entityType && l.Attributes.Text("entity_id") == item.Id)
        )
            throw Refused("resource is locked: see linode_lock");
    }

    private static AccountObject? Entity(Transaction account, JsonObject attributes) =>
        _types.TryGetValue(attributes.Text("entity_type") ?? "", out var type)
            ? account.Find(type, attributes.Text("entity_id") ?? "")
            : null;

    private static bool Same(JsonObject a, JsonObject b) =>
        a.Text("entity_type") == b.Text("entity_type") && a.Text("entity_id") == b.Text("entity_id");
}
