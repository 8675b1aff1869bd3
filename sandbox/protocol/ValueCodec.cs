using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;
using MessagePack;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>
/// Terraform values in MessagePack (the encoding of go-cty). The type decides how bytes are read. A fraction is sent as a string,
/// a dynamic value as a pair of its type and its value, an unknown value as an extension.
/// </summary>
internal static class ValueCodec
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">The bytes are not a value of that type.</exception>
    public static Value? Decode(ReadOnlyMemory<byte> bytes, TerraformType type)
    {
        var reader = new MessagePackReader(bytes);
        try
        {
            var value = Read(ref reader, type, 0);
            return reader.End ? value : throw new FormatException("MessagePack: unexpected bytes after the value.");
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("MessagePack: the value ends early, or a length is greater than the number of bytes.", e);
        }
        catch (MessagePackSerializationException e)
        {
            throw new FormatException($"MessagePack: {e.Message}", e);
        }
    }

    public static byte[] Encode(Value? value, TerraformType type)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(bytes);
        Write(ref writer, value, type);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static Value? Read(ref MessagePackReader reader, TerraformType type, int depth)
    {
        if (depth > Limits.Depth)
            throw new FormatException($"The value is nested deeper than {Limits.Depth} levels.");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return null;
            case MessagePackType.Extension:
                var extension = reader.ReadExtensionFormat();
                return new UnknownValue(extension.TypeCode, extension.Data.ToArray());
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
                return new TextValue(ReadText(ref reader));
            case "bool":
                Expect(ref reader, MessagePackType.Boolean);
                return new BoolValue(reader.ReadBoolean());
            case "number":
                return ReadNumber(ref reader);
            default:
                if (ReadCount(ref reader, MessagePackType.Array) != 2)
                    throw new FormatException("A dynamic value is a pair of type and value.");
                Expect(ref reader, MessagePackType.Binary);
                var inner = ReadType(reader.ReadBytes()!.Value.ToArray());
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
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Integer:
                return new NumberValue(
                    reader.NextCode == MessagePackCode.UInt64
                        ? reader.ReadUInt64().ToString(CultureInfo.InvariantCulture)
                        : reader.ReadInt64().ToString(CultureInfo.InvariantCulture)
                );
            case MessagePackType.Float:
                var number = reader.ReadDouble();
                if (!double.IsFinite(number))
                    throw new FormatException("A number is not finite.");
                return new NumberValue(number.ToString("R", CultureInfo.InvariantCulture));
            default:
                var literal = ReadText(ref reader);
                return Numbers.IsLiteral(literal)
                    ? new NumberValue(literal)
                    : throw new FormatException("A number is not a decimal literal.");
        }
    }

    /// <summary>Reads a string. The library replaces bytes that are not UTF-8; here they are an error.</summary>
    private static string ReadText(ref MessagePackReader reader)
    {
        Expect(ref reader, MessagePackType.String);
        try
        {
            return _strict.GetString(reader.ReadStringSequence()!.Value);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("A MessagePack string is not UTF-8.", e);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // The library checks a length of 2^31 and more only here.
            throw new FormatException("MessagePack: a string is announced as longer than the value.", e);
        }
    }

    /// <summary>The number of the elements that follow. The library refuses a number for which there are too few bytes.</summary>
    private static int ReadCount(ref MessagePackReader reader, MessagePackType type)
    {
        Expect(ref reader, type);
        return type == MessagePackType.Map ? reader.ReadMapHeader() : reader.ReadArrayHeader();
    }

    private static void Expect(ref MessagePackReader reader, MessagePackType type)
    {
        if (reader.NextMessagePackType is var found && found != type)
            throw new FormatException($"MessagePack: {type} expected, {found} found at byte {reader.Consumed}.");
    }

    private static ListValue ReadList(ref MessagePackReader reader, int? expected, Func<int, TerraformType> type, int depth)
    {
        var count = ReadCount(ref reader, MessagePackType.Array);
        if (expected is { } length && length != count)
            throw new FormatException($"A tuple of {length} elements holds {count}.");
        var items = new List<Value?>(count);
        for (var i = 0; i < count; i++)
            items.Add(Read(ref reader, type(i), depth + 1));
        return new ListValue(items);
    }

    private static MapValue ReadMap(ref MessagePackReader reader, Func<string, TerraformType> type, int depth)
    {
        var count = ReadCount(ref reader, MessagePackType.Map);
        var fields = new Dictionary<string, Value?>(count);
        for (var i = 0; i < count; i++)
        {
            var name = ReadText(ref reader);
            if (!fields.TryAdd(name, Read(ref reader, type(name), depth + 1)))
                throw new FormatException($"The key \"{name}\" occurs twice.");
        }
        return new MapValue(fields);
    }

    private static void Write(ref MessagePackWriter writer, Value? value, TerraformType type)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case UnknownValue unknown:
                writer.WriteExtensionFormat(new ExtensionResult(unknown.Code, unknown.Payload));
                break;
            case TextValue text:
                writer.Write(text.Text);
                break;
            case BoolValue truth:
                writer.Write(truth.Truth);
                break;
            case NumberValue number:
                if (long.TryParse(number.Literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
                    writer.Write(whole);
                else
                    writer.Write(number.Literal);
                break;
            case TypedValue typed:
                writer.WriteArrayHeader(2);
                writer.Write(Encoding.UTF8.GetBytes(typed.Type.ToJson().ToJsonString()));
                Write(ref writer, typed.Content, typed.Type);
                break;
            case ListValue list:
                writer.WriteArrayHeader(list.Items.Count);
                for (var i = 0; i < list.Items.Count; i++)
                    Write(ref writer, list.Items[i], type is TupleType tuple ? tuple.Items[i] : ((CollectionType)type).Element);
                break;
            case MapValue map:
                writer.WriteMapHeader(map.Fields.Count);
                foreach (var (name, field) in map.Fields)
                {
                    writer.Write(name);
                    Write(
                        ref writer,
                        field,
                        type is ObjectType @object ? @object.Attributes[name] : ((CollectionType)type).Element
                    );
                }
                break;
        }
    }
}
