using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Tests.Sandbox.Values;

/// <summary>Generators of Terraform types and values.</summary>
internal static class TerraformValues
{
    private static readonly string[] _names = ["id", "label", "name", "tags", "ipv4", "größe"];

    /// <summary>A type and a value of this type. About one in ten values is null and one in twenty is unknown.</summary>
    public static Gen<(TerraformType Type, Value? Value)> TypedValues =>
        from type in Types(3)
        from value in Values(type)
        select (type, value);

    public static Gen<TerraformType> Types(int depth)
    {
        var simple = Gen.Elements(TerraformType.String, TerraformType.Number, TerraformType.Bool, TerraformType.Dynamic);
        if (depth == 0)
            return simple;
        return Gen.OneOf(
            simple,
            from kind in Gen.Elements("list", "set", "map")
            from element in Types(depth - 1)
            select (TerraformType)new CollectionType(kind, element),
            from types in Gen.ListOf(Types(depth - 1), 3)
            select (TerraformType)new TupleType([.. types]),
            from names in Gen.SubListOf(_names)
            from types in Gen.ListOf(Types(depth - 1), names.Count)
            select (TerraformType)new ObjectType(names.Zip(types).ToDictionary(p => p.First, p => p.Second))
        );
    }

    public static bool HasUnknown(Value? value) =>
        value switch
        {
            UnknownValue => true,
            ListValue list => list.Items.Any(HasUnknown),
            MapValue map => map.Fields.Values.Any(HasUnknown),
            TypedValue typed => HasUnknown(typed.Content),
            _ => false,
        };

    private static Gen<Value?> Values(TerraformType type) =>
        Gen.Frequency((2, Gen.Constant<Value?>(null)), (1, Gen.Constant<Value?>(UnknownValue.Plain)), (17, Known(type)));

    private static Gen<Value?> Known(TerraformType type) =>
        type switch
        {
            PrimitiveType { Name: "string" } => Gen.Elements("", "a", "zürich", "日本", new string('x', 40), new string('y', 300))
                .Select(t => (Value?)new TextValue(t)),
            PrimitiveType { Name: "bool" } => Gen.Elements(true, false).Select(b => (Value?)new BoolValue(b)),
            PrimitiveType { Name: "number" } => Gen.OneOf(
                Gen.Choose(int.MinValue, int.MaxValue).Select(n => (Value?)NumberValue.Of(n)),
                Gen.Elements("0.5", "-0.125", "1e21", "18446744073709551616", "9223372036854775807")
                    .Select(t => (Value?)new NumberValue(t))
            ),
            PrimitiveType => from inner in Types(1) from content in Values(inner) select (Value?)new TypedValue(inner, content),
            CollectionType { Kind: "map" } map => from keys in Gen.SubListOf(_names)
            from values in Gen.ListOf(Values(map.Element), keys.Count)
            select (Value?)new MapValue(keys.Zip(values).ToDictionary(p => p.First, p => (Value?)p.Second)),
            CollectionType list => from count in Gen.Choose(0, 20)
            from values in Gen.ListOf(Values(list.Element), count)
            select (Value?)new ListValue([.. values]),
            TupleType tuple => Gen.CollectToList(tuple.Items, Values).Select(items => (Value?)new ListValue([.. items])),
            ObjectType @object => Gen.CollectToList(
                    @object.Attributes.ToList(),
                    a => Values(a.Value).Select(v => (a.Key, Value: v))
                )
                .Select(fields => (Value?)new MapValue(fields.ToDictionary(f => f.Key, f => (Value?)f.Value))),
            _ => throw new InvalidOperationException(),
        };
}
