using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>
/// Terraform values in MessagePack (the encoding of go-cty). The type decides how bytes are read. A fraction is sent as a string,
/// a dynamic value as a pair of its type and its value, an unknown value as an extension.
/// </summary>
internal static class ValueCodec
{
    /// <exception cref="FormatException">The bytes are not a value of that type.</exception>
    public static Value? Decode(ReadOnlySpan<byte> bytes, TerraformType type)
    {
        var reader = new MessagePackReader(bytes);
        var value = Read(ref reader, type, 0);
        return reader.AtEnd ? value : throw new FormatException("MessagePack: unexpected bytes after the value.");
    }

    public static byte[] Encode(Value? value, TerraformType type)
    {
        var writer = new MessagePackWriter();
        Write(writer, value, type);
        return writer.ToArray();
    }

    private static Value? Read(ref MessagePackReader reader, TerraformType type, int depth)
    {
        if (depth > Limits.Depth)
            throw new FormatException($"The value is nested deeper than {Limits.Depth} levels.");
        switch (reader.Next)
        {
            case MessagePackToken.Nil:
                reader.Nil();
                return null;
            case MessagePackToken.Extension:
                var (code, payload) = reader.Extension();
                return new UnknownValue(code, payload);
        }
        return type switch
        {
            PrimitiveType primitive => ReadPrimitive(ref reader, primitive, depth),
            CollectionType { Kind: "map" } map => ReadMap(ref reader, _ => map.Element, depth),
            CollectionType list => ReadList(ref reader, null, _ => list.Element, depth),
            TupleType tuple => ReadList(ref reader, tuple.Items.Count, i => tuple.Items[i], depth),
            ObjectType @object => ReadMap(
                ref reader,
                name =>
                    @object.Attributes.GetValueOrDefault(name)
                    ?? throw new FormatException($"The object has no attribute \"{name}\"."),
                depth
            ),
            _ => throw new FormatException($"No value has the type {type}."),
        };
    }

    private static Value ReadPrimitive(ref MessagePackReader reader, PrimitiveType type, int depth)
    {
        switch (type.Name)
        {
            case "string":
                return new TextValue(reader.Text());
            case "bool":
                return new BoolValue(reader.Bool());
            case "number":
                return ReadNumber(ref reader);
            default:
                if (reader.Array() != 2)
                    throw new FormatException("A dynamic value is a pair of type and value.");
                var inner = ReadType(reader.Bytes());
                return new TypedValue(inner, Read(ref reader, inner, depth + 1));
        }
    }

    private static TerraformType ReadType(byte[] json)
    {
        try
        {
            return TerraformType.Parse(JsonNode.Parse(json));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new FormatException("The type of a dynamic value is not a type constraint in JSON.", e);
        }
    }

    private static NumberValue ReadNumber(ref MessagePackReader reader)
    {
        switch (reader.Next)
        {
            case MessagePackToken.Integer:
                return new NumberValue(reader.Integer().ToString(CultureInfo.InvariantCulture));
            case MessagePackToken.Float:
                var number = reader.Float();
                if (!double.IsFinite(number))
                    throw new FormatException("A number is not finite.");
                return new NumberValue(number.ToString("R", CultureInfo.InvariantCulture));
            default:
                var literal = reader.Text();
                return Numbers.IsLiteral(literal)
                    ? new NumberValue(literal)
                    : throw new FormatException("A number is not a decimal literal.");
        }
    }

    private static ListValue ReadList(ref MessagePackReader reader, int? expected, Func<int, TerraformType> type, int depth)
    {
        var count = reader.Array();
        if (expected is { } length && length != count)
            throw new FormatException($"A tuple of {length} elements holds {count}.");
        var items = new List<Value?>(count);
        for (var i = 0; i < count; i++)
            items.Add(Read(ref reader, type(i), depth + 1));
        return new ListValue(items);
    }

    private static MapValue ReadMap(ref MessagePackReader reader, Func<string, TerraformType> type, int depth)
    {
        var count = reader.Map();
        var fields = new Dictionary<string, Value?>(count);
        for (var i = 0; i < count; i++)
        {
            var name = reader.Text();
            if (!fields.TryAdd(name, Read(ref reader, type(name), depth + 1)))
                throw new FormatException($"The key \"{name}\" occurs twice.");
        }
        return new MapValue(fields);
    }

    private static void Write(MessagePackWriter writer, Value? value, TerraformType type)
    {
        switch (value)
        {
            case null:
                writer.Nil();
                break;
            case UnknownValue unknown:
                writer.Extension(unknown.Code, unknown.Payload);
                break;
            case TextValue text:
                writer.Text(text.Text);
                break;
            case BoolValue truth:
                writer.Bool(truth.Truth);
                break;
            case NumberValue number:
                if (long.TryParse(number.Literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                    writer.Integer(whole);
                else
                    writer.Text(number.Literal);
                break;
            case TypedValue typed:
                writer.Array(2);
                writer.Bytes(System.Text.Encoding.UTF8.GetBytes(typed.Type.ToJson().ToJsonString()));
                Write(writer, typed.Content, typed.Type);
                break;
            case ListValue list:
                writer.Array(list.Items.Count);
                for (var i = 0; i < list.Items.Count; i++)
                    Write(writer, list.Items[i], type is TupleType tuple ? tuple.Items[i] : ((CollectionType)type).Element);
                break;
            case MapValue map:
                writer.Map(map.Fields.Count);
                foreach (var (name, field) in map.Fields)
                {
                    writer.Text(name);
                    Write(writer, field, type is ObjectType @object ? @object.Attributes[name] : ((CollectionType)type).Element);
                }
                break;
        }
    }
}
