using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Resource quotas and limit ranges. Containers without requests and limits get the namespace's defaults. Containers above a
/// maximum are refused. Objects with which a namespace would exceed its quota are refused.
/// </summary>
internal static class Quotas
{
    private static readonly string[] _compute = ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    /// <summary>Applies the namespace's limit ranges to a pod's containers.</summary>
    /// <exception cref="ApiException">A container's limit is above the maximum of a limit range.</exception>
    public static void Limit(ClusterView cluster, JsonObject pod)
    {
        var (space, name) = (pod.Text("metadata.namespace")!, pod.Text("metadata.name")!);
        var ranges = cluster
            .List(ApiKind.Of("limitranges"), space)
            .SelectMany(range => range.Items("spec.limits"))
            .Where(limit => limit.Text("type") == "Container")
            .ToList();
        foreach (var container in pod.Items("spec.initContainers").Concat(pod.Items("spec.containers")).OfType<JsonObject>())
        {
            var resources = Map(container, "resources");
            foreach (var range in ranges)
            {
                foreach (var (what, amount) in range.Entries("default"))
                    Map(resources, "limits")[what] ??= amount?.DeepClone();
                foreach (var (what, amount) in range.Entries("defaultRequest"))
                    Map(resources, "requests")[what] ??=
                        resources.At("limits")?[what] is { } limit && Amount(limit) < Amount(amount)
                            ? limit.DeepClone()
                            : amount?.DeepClone();
                foreach (var (what, most) in range.Entries("max"))
                    if (resources["limits"]?[what] is { } limit && Amount(limit) > Amount(most))
                        throw ApiException.Forbidden(
                            ApiKind.Of("pods"),
                            name,
                            $"maximum {what} usage per Container is {most}, but limit is {limit}"
                        );
            }
            // A missing request takes the value of the limit.
            foreach (var (what, amount) in resources.Entries("limits"))
                Map(resources, "requests")[what] ??= amount?.DeepClone();
        }
    }

    /// <summary>
    /// Refuses an object with which its namespace would exceed a quota, and a pod that omits a resource which a quota counts.
    /// </summary>
    /// <exception cref="ApiException">The object is refused. The text is the real API server's.</exception>
    public static void Require(ClusterView cluster, ApiKind kind, JsonObject item)
    {
        var (space, name) = (item.Text("metadata.namespace"), item.Text("metadata.name")!);
        if (space is null)
            return;
        foreach (var quota in cluster.List(ApiKind.Of("resourcequotas"), space))
        {
            var hard = quota.Entries("spec.hard").ToDictionary(entry => entry.Key, entry => entry.Value!);
            if (kind.Plural == "pods" && Missing(item, hard.Keys) is { Count: > 0 } missing)
                throw ApiException.Forbidden(
                    kind,
                    name,
                    $"failed quota: {quota.Text("metadata.name")}: must specify {string.Join("; ", missing)}"
                );
            var used = Used(cluster, space, hard.Keys);
            var over = Usage(kind, item)
                .Where(ask => ask.Value > 0 && hard.ContainsKey(ask.Key))
                .Where(ask => used[ask.Key] + ask.Value > Amount(hard[ask.Key]))
                .OrderBy(ask => ask.Key, StringComparer.Ordinal)
                .ToList();
            if (over.Count > 0)
                throw ApiException.Forbidden(
                    kind,
                    name,
                    $"exceeded quota: {quota.Text("metadata.name")}, "
                        + $"requested: {Words(over.Select(ask => (ask.Key, ask.Value)))}, "
                        + $"used: {Words(over.Select(ask => (ask.Key, used[ask.Key])))}, "
                        + $"limited: {string.Join(',', over.Select(ask => $"{ask.Key}={hard[ask.Key]}"))}"
                );
        }
    }

    /// <summary>The use in a namespace of the resources that a quota counts.</summary>
    public static Dictionary<string, BigInteger> Used(ClusterView cluster, string space, IEnumerable<string> counted)
    {
        var used = counted.ToDictionary(what => what, _ => BigInteger.Zero);
        foreach (var kind in ApiKind.All.Where(kind => kind.Namespaced && Counts(kind, used.Keys)))
        foreach (var item in cluster.List(kind, space))
        foreach (var (what, amount) in Usage(kind, item).Where(usage => used.ContainsKey(usage.Key)))
            used[what] += amount;
        return used;
    }

    /// <summary>
    /// A pod's amount of a resource as the scheduler and the quota count it: the larger of the largest init container and the sum
    /// of all other containers.
    /// </summary>
    public static BigInteger Sum(JsonNode pod, string list, string what)
    {
        var all = Of("spec.containers").Aggregate(BigInteger.Zero, (sum, amount) => sum + amount);
        return Of("spec.initContainers").Append(all).Max();

        IEnumerable<BigInteger> Of(string containers) =>
            pod.Items(containers).Select(container => Amount(container.At($"resources.{list}")?[what]));
    }

    /// <summary>Formats billionths as a quota does: as a whole number, or in thousandths ("m").</summary>
    public static string Text(BigInteger nano)
    {
        const int Milli = 1_000_000;
        return nano % (Milli * 1000) == 0
            ? (nano / (Milli * 1000)).ToString(CultureInfo.InvariantCulture)
            : (nano / Milli).ToString(CultureInfo.InvariantCulture) + "m";
    }

    private static bool Counts(ApiKind kind, IEnumerable<string> counted) =>
        counted.Any(what =>
            what == Count(kind) || what == kind.Plural || what.StartsWith($"{kind.Plural}.", StringComparison.Ordinal)
        ) || (kind.Plural == "pods" && counted.Intersect(_compute).Any());

    private static string Count(ApiKind kind) => kind.Group == "" ? $"count/{kind.Plural}" : $"count/{kind.Plural}.{kind.Group}";

    private static Dictionary<string, BigInteger> Usage(ApiKind kind, JsonObject item)
    {
        var one = Amount("1");
        var usage = new Dictionary<string, BigInteger> { [Count(kind)] = one, [kind.Plural] = one };
        switch (kind.Plural)
        {
            case "pods":
                foreach (var what in _compute)
                    usage[what] = Sum(item, what.Split('.')[0], what.Split('.')[1]);
                break;
            case "services":
                var type = item.Text("spec.type");
                usage["services.loadbalancers"] = type == "LoadBalancer" ? one : 0;
                usage["services.nodeports"] = type is "LoadBalancer" or "NodePort" ? item.Items("spec.ports").Count() * one : 0;
                break;
        }
        return usage;
    }

    private static List<string> Missing(JsonObject pod, IEnumerable<string> counted) =>
        [
            .. from what in counted.Intersect(_compute)
            let place = $"resources.{what}"
            let names = pod.Items("spec.containers").Where(c => c.Text(place) is null).Select(c => c.Text("name")).ToList()
            where names.Count > 0
            select $"{what} for: {string.Join(',', names)}",
        ];

    private static string Words(IEnumerable<(string What, BigInteger Amount)> amounts) =>
        string.Join(',', amounts.Select(one => $"{one.What}={Text(one.Amount)}"));

    private static BigInteger Amount(JsonNode? quantity) =>
        quantity is not null && Quantity.TryParse(quantity.ToString(), out var nano) ? nano : BigInteger.Zero;

    private static JsonObject Map(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject map)
            parent[name] = map = [];
        return map;
    }
}
