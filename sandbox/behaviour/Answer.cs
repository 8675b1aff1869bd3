using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Behaviour;

/// <summary>Replaces the unknown values of a plan with the cloud's values.</summary>
/// <param name="body">The resource's schema.</param>
/// <param name="compute">
/// Returns the value of a computed attribute by its path ("pool.nodes") and its path with indexes ("pool.0.nodes").
/// </param>
internal sealed class Answer(BodySchema body, Func<ComputedAttribute, Value?> compute)
{
    public MapValue Fill(MapValue planned) => Body(body, planned, "", "");

    private MapValue Body(BodySchema schema, MapValue value, string path, string place) =>
        new(
            value.Fields.ToDictionary(
                f => f.Key,
                f =>
                {
                    var (at, here) = (Join(path, f.Key), Join(place, f.Key));
                    var attribute = schema.Attributes.GetValueOrDefault(f.Key);
                    return f.Value is UnknownValue && attribute is not null ? compute(new ComputedAttribute(at, here, attribute))
                        : schema.Nested(f.Key) is { } nested ? Nested(nested, f.Value, at, here)
                        : Known(f.Value);
                }
            )
        );

    private Value? Nested(NestedSchema nested, Value? value, string path, string place) =>
        value switch
        {
            ListValue list => new ListValue([
                .. list.Items.Select((e, i) => e is MapValue m ? Body(nested.Body, m, path, $"{place}.{i}") : Known(e)),
            ]),
            MapValue map when nested.Mode == "map" => new MapValue(
                map.Fields.ToDictionary(
                    f => f.Key,
                    f => f.Value is MapValue m ? Body(nested.Body, m, path, $"{place}.{f.Key}") : Known(f.Value)
                )
            ),
            MapValue map => Body(nested.Body, map, path, place),
            _ => Known(value),
        };

    /// <summary>
    /// During an apply every configured value is known. An unknown value was computed at a place that has no attribute name: it
    /// becomes null.
    /// </summary>
    private static Value? Known(Value? value) =>
        value switch
        {
            UnknownValue => null,
            ListValue list => new ListValue([.. list.Items.Select(Known)]),
            MapValue map => new MapValue(map.Fields.ToDictionary(f => f.Key, f => Known(f.Value))),
            _ => value,
        };

    private static string Join(string path, string name) => path == "" ? name : $"{path}.{name}";
}

/// <summary>An attribute whose value the cloud decides.</summary>
/// <param name="Path">The path without indexes: "pool.nodes".</param>
/// <param name="Place">The path with indexes: "pool.0.nodes".</param>
/// <param name="Schema">The attribute.</param>
internal sealed record ComputedAttribute(string Path, string Place, AttributeSchema Schema);
