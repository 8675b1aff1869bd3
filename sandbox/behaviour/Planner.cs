using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Behaviour;

/// <summary>The planned state of a resource, and the paths whose change requires a replacement.</summary>
internal sealed record PlannedChange(MapValue Planned, IReadOnlyList<ValuePath> RequiresReplace);

/// <summary>
/// Plans a create or update as the two provider frameworks do. In both, defaults fill the values that the configuration leaves
/// out. On create all other computed values are unknown. On update the SDK keeps computed values. The newer framework makes
/// them unknown when anything changes, except values with the plan modifier UseStateForUnknown.
/// </summary>
internal sealed class Planner(ResourceSchema schema, BodyFacts facts, Func<string, Value?, Value?, bool> equivalent)
{
    /// <param name="config">The configuration.</param>
    /// <param name="prior">The prior state; null on create.</param>
    /// <param name="proposed">The configuration and the prior computed values, merged by Terraform.</param>
    public PlannedChange Plan(MapValue config, MapValue? prior, MapValue proposed)
    {
        var planned = Defaults(schema.Body, config, proposed, prior, "");
        if (prior is null)
            return new PlannedChange(Unknowns(schema.Body, config, planned, null, "", keepState: false), []);
        if (planned.Equals(prior))
            return new PlannedChange(prior, []);
        if (!schema.Legacy)
            planned = Unknowns(schema.Body, config, planned, prior, "", keepState: true);
        var replace = new List<ValuePath>();
        Replacements(schema.Body, prior, planned, ValuePath.Root, replace);
        if (facts[""].NoUpdate && replace.Count == 0)
            replace.AddRange(
                schema.Body.Type.Attributes.Keys.Where(n => !Equals(prior[n], planned[n])).Select(ValuePath.Root.Name)
            );
        return new PlannedChange(planned, replace);
    }

    /// <summary>
    /// Fills omitted values with defaults, sets write-only values to null, and keeps the prior value where the provider
    /// suppresses the difference.
    /// </summary>
    private MapValue Defaults(BodySchema body, MapValue config, MapValue proposed, MapValue? prior, string path)
    {
        var result = new Dictionary<string, Value?>(proposed.Fields);
        foreach (var (name, attribute) in body.Attributes)
        {
            var at = Join(path, name);
            if (attribute.WriteOnly)
                result[name] = null;
            else if (config[name] is null && facts[at].Default is { } fallback)
                result[name] = Default(fallback, attribute.Type);
            else if (prior?[name] is { } before && facts[at].DiffSuppressed && equivalent(at, before, result[name]))
                result[name] = before;
            else if (attribute.Nested is { } nested)
                result[name] = Each(
                    nested,
                    config[name],
                    result[name],
                    prior?[name],
                    (c, v, p) => Defaults(nested.Body, c, v, p, at)
                );
        }
        foreach (var (name, block) in body.Blocks)
            result[name] = Each(
                block,
                config[name],
                result.GetValueOrDefault(name),
                prior?[name],
                (c, v, p) => Defaults(block.Body, c, v, p, Join(path, name))
            );
        return new MapValue(result);
    }

    private MapValue Unknowns(BodySchema body, MapValue config, MapValue value, MapValue? prior, string path, bool keepState)
    {
        var result = new Dictionary<string, Value?>(value.Fields);
        foreach (var (name, attribute) in body.Attributes)
        {
            var at = Join(path, name);
            if (attribute.Computed && !attribute.WriteOnly && config[name] is null && facts[at].Default is null)
                result[name] = keepState && prior is not null && facts[at].UseStateForUnknown ? prior[name] : UnknownValue.Plain;
            else if (attribute.Nested is { } nested)
                result[name] = Each(
                    nested,
                    config[name],
                    result[name],
                    prior?[name],
                    (c, v, p) => Unknowns(nested.Body, c, v, p, at, keepState)
                );
        }
        foreach (var (name, block) in body.Blocks)
            result[name] = Each(
                block,
                config[name],
                result.GetValueOrDefault(name),
                prior?[name],
                (c, v, p) => Unknowns(block.Body, c, v, p, Join(path, name), keepState)
            );
        return new MapValue(result);
    }

    private void Replacements(BodySchema body, MapValue prior, MapValue planned, ValuePath path, List<ValuePath> found)
    {
        foreach (var name in body.Type.Attributes.Keys)
        {
            var (before, after, at) = (prior[name], planned[name], path.Name(name));
            if (Equals(before, after))
                continue;
            if (facts[at.ToString()].ForceNew)
                found.Add(at);
            else if (body.Nested(name) is { } nested)
                NestedReplacements(nested, before, after, at, found);
        }
    }

    private void NestedReplacements(NestedSchema nested, Value? before, Value? after, ValuePath path, List<ValuePath> found)
    {
        switch (before, after)
        {
            case (ListValue b, ListValue a) when nested.Mode == "list":
                for (var i = 0; i < Math.Max(a.Items.Count, b.Items.Count); i++)
                {
                    var (x, y) = (b.Items.ElementAtOrDefault(i) as MapValue, a.Items.ElementAtOrDefault(i) as MapValue);
                    // An added or removed element is reported as a whole: one side has no values to compare.
                    if (x is null || y is null)
                        WholeElement(nested, x ?? y, path, found);
                    else
                        Replacements(nested.Body, x, y, path.At(i), found);
                }
                break;
            case (ListValue b, ListValue a):
                foreach (var element in a.Items.Except(b.Items).Concat(b.Items.Except(a.Items)).OfType<MapValue>())
                    WholeElement(nested, element, path, found);
                break;
            case (MapValue b, MapValue a) when nested.Mode is "single" or "group":
                Replacements(nested.Body, b, a, path, found);
                break;
            default:
                WholeElement(nested, (after ?? before) as MapValue, path, found);
                break;
        }
    }

    private void WholeElement(NestedSchema nested, MapValue? element, ValuePath path, List<ValuePath> found)
    {
        var inside = new List<ValuePath>();
        if (element is not null)
            Replacements(nested.Body, MapValue.Empty, element, path, inside);
        if (inside.Count > 0 && !found.Contains(path))
            found.Add(path);
    }

    /// <summary>
    /// Applies a change to each body of a nested value. List elements are matched by index. A set element has no index: it is
    /// used as its own configuration, and it has a prior value only if the prior set holds an equal element.
    /// </summary>
    private static Value? Each(
        NestedSchema nested,
        Value? config,
        Value? value,
        Value? prior,
        Func<MapValue, MapValue, MapValue?, MapValue> change
    ) =>
        value switch
        {
            ListValue list when nested.Mode == "set" => new ListValue([
                .. list.Items.Select(e => e is not MapValue m || In(prior, m) ? e : change(m, m, null)),
            ]),
            ListValue list => new ListValue([
                .. list.Items.Select((e, i) => e is MapValue m ? change(At(config, i) ?? m, m, At(prior, i)) : e),
            ]),
            MapValue map when nested.Mode == "map" => new MapValue(
                map.Fields.ToDictionary(
                    f => f.Key,
                    f => f.Value is MapValue m ? change(In(config, f.Key) ?? m, m, In(prior, f.Key)) : f.Value
                )
            ),
            MapValue map => change(config as MapValue ?? map, map, prior as MapValue),
            _ => value,
        };

    private static bool In(Value? set, MapValue element) => set is ListValue list && list.Items.Contains(element);

    private static MapValue? In(Value? map, string key) => (map as MapValue)?[key] as MapValue;

    private static MapValue? At(Value? list, int position) => (list as ListValue)?.Items.ElementAtOrDefault(position) as MapValue;

    /// <summary>A default is JSON of the attribute's type. The default of a map is printed as a string.</summary>
    private static Value? Default(System.Text.Json.Nodes.JsonNode json, TerraformType type) =>
        type is not PrimitiveType && json.GetValueKind() == System.Text.Json.JsonValueKind.String
            ? JsonValues.FromJson(System.Text.Json.Nodes.JsonNode.Parse(json.GetValue<string>()), type)
            : JsonValues.FromJson(json, type);

    private static string Join(string path, string name) => path == "" ? name : $"{path}.{name}";
}
