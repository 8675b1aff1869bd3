using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// A second implementation, written from the sentences of the Kubernetes documentation only. It reads the JSON of the policies
/// for each request, sets no defaults before, and tries every address of a range. It shares only the endpoint types with the
/// evaluator.
/// </summary>
internal sealed class NaiveReachability(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> namespaces,
    IReadOnlyList<JsonObject> policies
)
{
    public bool CanConnect(Endpoint from, Endpoint to, int port, string protocol)
    {
        // "A Pod cannot block access to itself."
        if (from is Pod a && to is Pod b && a.Namespace == b.Namespace && a.Name == b.Name)
            return true;
        // "Both the egress policy on the source pod and the ingress policy on the destination pod need to allow the connection."
        return Side(from, to, to, port, protocol, "Egress", "egress", "to")
            && Side(to, from, to, port, protocol, "Ingress", "ingress", "from");
    }

    private bool Side(
        Endpoint self,
        Endpoint other,
        Endpoint receiver,
        int port,
        string protocol,
        string type,
        string list,
        string peers
    )
    {
        if (self is not Pod pod || pod.HostNetwork)
            return true;
        var isolated = false;
        foreach (var policy in policies)
        {
            var policyNamespace = policy["metadata"]!["namespace"]!.GetValue<string>();
            var spec = policy["spec"]!.AsObject();
            if (policyNamespace != pod.Namespace || !Selects(spec["podSelector"], pod.Labels) || !Types(spec).Contains(type))
                continue;
            isolated = true;
            if (spec[list] is not JsonArray rules)
                continue;
            foreach (var rule in rules)
            {
                var peerHolds =
                    rule![peers] is not JsonArray { Count: > 0 } given
                    || given.Any(peer => PeerIs(peer!, other, policyNamespace));
                var portHolds =
                    rule["ports"] is not JsonArray { Count: > 0 } open || open.Any(one => PortIs(one!, receiver, port, protocol));
                if (peerHolds && portHolds)
                    return true;
            }
        }
        return !isolated;
    }

    // "If no policyTypes are specified then by default Ingress will always be set and Egress will be set if there are any egress
    // rules."
    private static List<string> Types(JsonObject spec)
    {
        if (spec["policyTypes"] is JsonArray { Count: > 0 } types)
            return [.. types.Select(type => type!.GetValue<string>())];
        return spec["egress"] is JsonArray { Count: > 0 } ? ["Ingress", "Egress"] : ["Ingress"];
    }

    private bool PeerIs(JsonNode peer, Endpoint other, string policyNamespace)
    {
        if (peer["ipBlock"] is { } block)
        {
            return other switch
            {
                Outside outside => Every(outside.Block).Any(address => InBlock(block, address)),
                Pod { Address: { } address } => InBlock(block, Number(address)),
                _ => false,
            };
        }
        if (other is not Pod pod || pod.HostNetwork)
            return false;
        if (peer["namespaceSelector"] is { } spaces)
        {
            if (!Selects(spaces, namespaces[pod.Namespace]))
                return false;
        }
        else if (pod.Namespace != policyNamespace)
        {
            return false;
        }
        return peer["podSelector"] is null || Selects(peer["podSelector"], pod.Labels);
    }

    private static bool PortIs(JsonNode one, Endpoint receiver, int port, string protocol)
    {
        if ((one["protocol"]?.GetValue<string>() ?? "TCP") != protocol)
            return false;
        if (one["port"] is not { } wanted)
            return true;
        if (wanted.GetValueKind() == JsonValueKind.String)
        {
            foreach (var declared in (receiver as Pod)?.Ports ?? [])
            {
                if (
                    declared.Name == wanted.GetValue<string>()
                    && declared.Number == port
                    && declared.Protocol.ToString().ToUpperInvariant() == protocol
                )
                    return true;
            }
            return false;
        }
        for (var number = wanted.GetValue<int>(); number <= (one["endPort"]?.GetValue<int>() ?? wanted.GetValue<int>()); number++)
        {
            if (number == port)
                return true;
        }
        return false;
    }

    private static bool Selects(JsonNode? selector, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in selector?["matchLabels"] as JsonObject ?? [])
        {
            if (!labels.ContainsKey(key) || labels[key] != value!.GetValue<string>())
                return false;
        }
        foreach (var expression in selector?["matchExpressions"] as JsonArray ?? [])
        {
            var key = expression!["key"]!.GetValue<string>();
            var values = (expression["values"] as JsonArray ?? []).Select(value => value!.GetValue<string>()).ToList();
            var holds = expression["operator"]!.GetValue<string>() switch
            {
                "In" => labels.ContainsKey(key) && values.Contains(labels[key]),
                "NotIn" => !(labels.ContainsKey(key) && values.Contains(labels[key])),
                "Exists" => labels.ContainsKey(key),
                "DoesNotExist" => !labels.ContainsKey(key),
                var unknown => throw new InvalidOperationException(unknown),
            };
            if (!holds)
                return false;
        }
        return true;
    }

    private static bool InBlock(JsonNode block, uint address) =>
        InRange(block["cidr"]!.GetValue<string>(), address)
        && !(block["except"] as JsonArray ?? []).Any(excluded => InRange(excluded!.GetValue<string>(), address));

    private static bool InRange(string cidr, uint address)
    {
        var parts = cidr.Split('/');
        var size = 1UL << (32 - int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        var first = Number(IPAddress.Parse(parts[0]));
        return address >= first && address < first + size;
    }

    private static IEnumerable<uint> Every(AddressBlock block)
    {
        var first = Number(block.Range.BaseAddress);
        for (ulong step = 0; step < 1UL << (32 - block.Range.PrefixLength); step++)
        {
            var address = (uint)(first + step);
            if (!block.Except.Any(excluded => InRange(excluded.ToString(), address)))
                yield return address;
        }
    }

    private static uint Number(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
