using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Clouds.Kubernetes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>
/// Selects and makes a change outside Terraform. A plan shows the change, and an apply repairs it without replacing the object.
/// </summary>
internal sealed class OutsideChanges(Transaction account, int seed)
{
    /// <summary>
    /// Attributes that are never changed: a provider does not read them, or the cloud does not allow the change back, or other
    /// objects depend on them.
    /// </summary>
    private static readonly HashSet<string> _excluded =
    [
        "id",
        "timeouts",
        "name",
        "namespace",
        "generate_name",
        "type",
        "tier",
        "immutable",
        "k8s_version",
        "high_availability",
        "engine_id",
        "access_key",
        "secret_key",
        "acl",
        "versioning",
        "lifecycle_rule",
        "updates",
        "private_network",
        "firewall_id",
        "update_strategy",
        "data_wo_revision",
        "binary_data_wo_revision",
        "automount_service_account_token",
    ];

    private static readonly HashSet<string> _freeText = ["label", "description", "soa_email", "target"];

    private static readonly string[] _schemas = ["linode-3.13.0", "kubernetes-2.38.0"];

    // Read once: a rehearsal changes an object of every stack.
    private static readonly Dictionary<string, (ResourceSchema Schema, BodyFacts Facts)> _types = _schemas
        .SelectMany(name =>
        {
            var facts = ProviderFacts.Load(name);
            return ProviderSchema.Load(name).Resources.Select(r => (r.Key, (r.Value, facts.Resource(r.Key))));
        })
        .ToDictionary();

    private readonly Random _random = new(seed);

    /// <summary>Makes the change.</summary>
    /// <exception cref="InvalidOperationException">No object can be changed in this way.</exception>
    public OutsideChange Make(Func<AccountObject, bool> filter)
    {
        var objects = account.All.Where(filter).OrderBy(o => o.Key, StringComparer.Ordinal).ToList();
        while (objects.Count > 0)
        {
            var item = objects[_random.Next(objects.Count)];
            if (TryChange(item) is { } change)
                return change;
            objects.Remove(item);
        }
        throw new InvalidOperationException(
            "The account has no object that can be changed outside Terraform and repaired without a replacement. "
                + "Apply a configuration first."
        );
    }

    /// <summary>Deletes the object or changes one attribute of it; null if an apply could repair neither.</summary>
    private OutsideChange? TryChange(AccountObject item)
    {
        var places = Places(item);
        // One in four changes is a deletion if both are possible.
        if ((places.Count == 0 || _random.Next(4) == 0) && !IsNeeded(item))
        {
            account.Remove(item);
            return new OutsideChange(item.Type, item.Name, item.Id, null, null, null);
        }
        foreach (var place in places.OrderBy(_ => _random.Next()))
        {
            var (attributes, before, after) = Changed(item, place);
            if (!IsRepairedInPlace(item, attributes))
                continue;
            account.Put(item with { Attributes = attributes });
            return new OutsideChange(item.Type, item.Name, item.Id, place, before, after);
        }
        return null;
    }

    /// <summary>
    /// False if a repair replaces the object. A change of one attribute can force a replacement through another attribute: a
    /// change of the label replaces a dual-stack subnet.
    /// </summary>
    private bool IsRepairedInPlace(AccountObject item, JsonObject changed)
    {
        var (schema, facts) = _types[item.Type];
        var planner = new Planner(schema, facts, (_, _, _) => false);
        return planner.Plan(Value(item.Configured), Value(changed), Value(item.Attributes)).RequiresReplace.Count == 0;

        MapValue Value(JsonObject json) => (MapValue)JsonValues.FromJson(json, schema.Body.Type)!;
    }

    private (JsonObject Attributes, string Before, string After) Changed(AccountObject item, string place)
    {
        var attributes = item.Attributes.DeepClone().AsObject();
        var before = attributes.At(place)!.ToJsonString();
        var after = Other(attributes.At(place)!, _types[item.Type].Facts[Names(place)]);
        var parent = place.Contains('.') ? attributes.At(place[..place.LastIndexOf('.')])! : attributes;
        var last = place[(place.LastIndexOf('.') + 1)..];
        if (parent is JsonArray list)
            list[int.Parse(last, System.Globalization.CultureInfo.InvariantCulture)] = after;
        else
            parent[last] = after;
        return (attributes, before, after.ToJsonString());
    }

    /// <summary>A different value of the same form.</summary>
    private JsonNode Other(JsonNode before, AttributeFacts facts)
    {
        switch (before)
        {
            case JsonObject map:
                var changed = map.DeepClone().AsObject();
                var key = changed.Select(e => e.Key).Order(StringComparer.Ordinal).ElementAt(_random.Next(changed.Count));
                if (_random.Next(2) == 0)
                    changed.Remove(key);
                else
                    changed[key] = Quantity.TryParse(changed[key]!.ToString(), out _) ? "7" : $"outside-{seed}";
                return changed;
            case JsonArray { Count: > 1 } list:
                var shorter = list.DeepClone().AsArray();
                shorter.RemoveAt(_random.Next(shorter.Count));
                return shorter;
            case JsonArray list:
                var longer = list.DeepClone().AsArray();
                longer.Add(longer is [{ } only] && only.ToString().Contains('/') ? "203.0.113.7/32" : $"outside-{seed}");
                return longer;
        }
        switch (before.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                return before.GetValueKind() is JsonValueKind.False;
            case JsonValueKind.Number:
                var number = before.AsValue().ToJsonString() is var literal && long.TryParse(literal, out var whole) ? whole : 1;
                return number + 1 <= (facts.Max ?? double.MaxValue) ? number + 1 : number - 1;
            default:
                var others = facts.OneOf.Select(v => v.ToString()).Where(v => v != before.ToString()).ToList();
                return others.Count > 0 ? others[_random.Next(others.Count)] : $"{before}-outside";
        }
    }

    /// <summary>The paths of attributes that a configuration set and that still have the configured value.</summary>
    private List<string> Places(AccountObject item)
    {
        var found = new List<string>();
        if (_types.TryGetValue(item.Type, out var type))
            Walk(type.Schema.Body, type.Facts, item.Configured, item, "", found);
        return found;
    }

    private static void Walk(
        BodySchema body,
        BodyFacts facts,
        JsonObject configured,
        AccountObject item,
        string place,
        List<string> found
    )
    {
        foreach (var (name, value) in configured.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            var at = place == "" ? name : $"{place}.{name}";
            var fact = facts[Names(at)];
            if (value is null || _excluded.Contains(name) || name.StartsWith("wait", StringComparison.Ordinal) || fact.ForceNew)
                continue;
            // The elements of a set have no index that is the same in the configuration and in the answer.
            if (body.Nested(name) is { Mode: not "set" } nested)
            {
                if (value is JsonObject single)
                    Walk(nested.Body, facts, single, item, at, found);
                for (var i = 0; i < (value as JsonArray)?.Count; i++)
                    if (value[i] is JsonObject element)
                        Walk(nested.Body, facts, element, item, $"{at}.{i}", found);
            }
            else if (body.Attributes.TryGetValue(name, out var attribute) && IsFit(attribute, fact, value, item.Provider))
            {
                if (JsonNode.DeepEquals(value, item.Attributes.At(at)))
                    found.Add(at);
            }
        }
    }

    private static bool IsFit(AttributeSchema attribute, AttributeFacts fact, JsonNode value, string provider) =>
        attribute is { WriteOnly: false, ReadOnly: false, Nested: null }
        && !fact.DiffSuppressed
        && attribute.Type switch
        {
            PrimitiveType { Name: "number" or "bool" } => !attribute.Name.EndsWith("_id", StringComparison.Ordinal),
            // A string in a Kubernetes object usually names another object, so it is not changed.
            PrimitiveType { Name: "string" } => provider == "linode"
                && (fact.OneOf.Count > 0 || _freeText.Contains(attribute.Name)),
            CollectionType { Element: PrimitiveType { Name: "string" } } => value
                is JsonArray { Count: > 0 }
                    or JsonObject { Count: > 0 },
            _ => false,
        };

    /// <summary>
    /// True if another object refers to this one. The cloud would then refuse its deletion, or delete the other object too.
    /// </summary>
    private bool IsNeeded(AccountObject item) =>
        item.Provider switch
        {
            "linode" => account.All.Any(o => o.Provider == "linode" && o.Key != item.Key && References(o.Attributes, item.Id)),
            _ when item.Type == "kubernetes_namespace_v1" => account.All.Any(o => Admission.NamespaceOf(o) == item.Name),
            _ => false,
        };

    private static bool References(JsonNode? node, string id) =>
        node switch
        {
            JsonObject map => map.Any(e => References(e.Value, id)),
            JsonArray list => list.Any(e => References(e, id)),
            JsonValue value => value.ToString() == id,
            _ => false,
        };

    private static string Names(string place) => string.Join('.', place.Split('.').Where(s => !char.IsAsciiDigit(s[0])));
}
