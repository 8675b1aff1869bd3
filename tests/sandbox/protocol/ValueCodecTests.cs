using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Sandbox.Protocol;
using InfraCdktf.Sandbox.Values;
using InfraCdktf.Tests.Sandbox.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Protocol;

/// <summary>The MessagePack codec: every encoded value is decoded, and any bytes give a value or a FormatException.</summary>
[Trait("Level", "pure")]
public sealed class ValueCodecTests
{
    [Fact]
    public void Codec_decodes_every_value_that_it_encoded() =>
        Examples.Satisfy(
            TerraformValues.TypedValues,
            pair => Equals(ValueCodec.Decode(ValueCodec.Encode(pair.Value, pair.Type), pair.Type), pair.Value)
        );

    [Fact]
    public void Codec_of_random_bytes_gives_a_value_or_format_error() =>
        Examples.Satisfy(
            from type in TerraformValues.Types(3)
            from bytes in Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b))
            select (type, bytes),
            pair => GivesValueOrFormatError(pair.bytes, pair.type),
            tests: 2000
        );

    [Fact]
    public void Codec_of_changed_bytes_gives_a_value_or_format_error() =>
        Examples.Satisfy(
            from pair in TerraformValues.TypedValues
            let bytes = ValueCodec.Encode(pair.Value, pair.Type)
            from at in Gen.Choose(0, bytes.Length - 1)
            from to in Gen.Choose(0, 255)
            from length in Gen.Choose(0, bytes.Length)
            select (pair.Type, Bytes: bytes.Select((b, i) => i == at ? (byte)to : b).Take(length).ToArray()),
            changed => GivesValueOrFormatError(changed.Bytes, changed.Type),
            tests: 2000
        );

    [Theory]
    [InlineData("dd7fffffff", """["list","string"]""")] // an array of 2^31-1 elements in five bytes
    [InlineData("dfffffffff", """["map","string"]""")]
    [InlineData("df80000000", """["map","string"]""")] // twice this count overflows 32 bits
    [InlineData("df80000001a161c0", """["map","string"]""")]
    [InlineData("dd80000000", """["list","string"]""")]
    [InlineData("ddffffffff", """["list","string"]""")]
    [InlineData("dbffffffff", "\"string\"")]
    [InlineData("c6ffffffff", "\"dynamic\"")]
    [InlineData("c9ffffffff0c", "\"string\"")]
    [InlineData("82a161c0a161c0", """["map","string"]""")] // a key occurs twice
    [InlineData("a2ff00", "\"string\"")] // not UTF-8
    [InlineData("c0c0", "\"string\"")] // more than one value
    [InlineData("", "\"string\"")]
    [InlineData("c403616263", "\"string\"")] // bytes instead of a string
    [InlineData("92a822737472696e6722a161", "\"dynamic\"")] // a string instead of bytes
    [InlineData("01", "\"bool\"")]
    [InlineData("cb7ff8000000000000", "\"number\"")] // not a number
    [InlineData("c1", "\"string\"")] // a byte that MessagePack never uses
    [InlineData("cb7ff0000000000000", "\"number\"")] // infinity
    [InlineData("a31e39", "\"number\"")]
    public void Codec_of_malformed_input_gives_a_format_error(string hex, string type) =>
        Assert.Throws<FormatException>(() =>
        {
            ValueCodec.Decode(Convert.FromHexString(hex), TerraformType.Parse(JsonNode.Parse(type)));
        });

    /// <summary>
    /// The bytes that Terraform sends and expects: integers in their shortest form, an unknown value as an extension of type 0,
    /// one with refinements of type 12 (github.com/zclconf/go-cty, cty/msgpack: marshal.go, unknown.go).
    /// </summary>
    [Theory]
    [InlineData("05", "\"number\"")]
    [InlineData("7f", "\"number\"")]
    [InlineData("cc80", "\"number\"")]
    [InlineData("cd012c", "\"number\"")]
    [InlineData("ce00011170", "\"number\"")]
    [InlineData("cf000000012a05f200", "\"number\"")]
    [InlineData("e0", "\"number\"")]
    [InlineData("d0df", "\"number\"")]
    [InlineData("d1ff38", "\"number\"")]
    [InlineData("d2fffeee90", "\"number\"")]
    [InlineData("d38000000000000000", "\"number\"")]
    [InlineData("a3302e31", "\"number\"")] // 0.1
    [InlineData("b43138343436373434303733373039353531363136", "\"number\"")] // 2^64
    [InlineData("c0", "\"number\"")]
    [InlineData("c3", "\"bool\"")]
    [InlineData("a161", "\"string\"")]
    [InlineData("d40000", "\"string\"")]
    [InlineData("c7030c8101c2", "\"string\"")] // unknown, but not null
    [InlineData("d60c81056101", """["list","string"]""")]
    [InlineData("92c40822737472696e6722a161", "\"dynamic\"")]
    [InlineData("82a161c3a162d40000", """["map","bool"]""")]
    public void Codec_writes_the_bytes_that_Terraform_writes(string hex, string type)
    {
        var parsed = TerraformType.Parse(JsonNode.Parse(type));
        var written = ValueCodec.Encode(ValueCodec.Decode(Convert.FromHexString(hex), parsed), parsed);
        Assert.Equal(hex, Convert.ToHexStringLower(written));
    }

    [Fact]
    public void Codec_of_deep_nesting_gives_a_format_error()
    {
        // [type, [type, [type, ...]]] with the type "dynamic" at every level
        byte[] level = [0x92, 0xc4, 0x09, .. "\"dynamic\""u8];
        var bytes = Enumerable.Repeat(level, 100_000).SelectMany(b => b).ToArray();
        Assert.Throws<FormatException>(() =>
        {
            ValueCodec.Decode(bytes, TerraformType.Dynamic);
        });
    }

    [Theory]
    [InlineData("0.1")] // a double would change the number
    [InlineData("12345678901234567890123456789")]
    [InlineData("-9223372036854775808")]
    public void Number_keeps_every_digit(string literal)
    {
        var bytes = ValueCodec.Encode(new NumberValue(literal), TerraformType.Number);
        Assert.Equal(new NumberValue(literal), ValueCodec.Decode(bytes, TerraformType.Number));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Codec_reads_and_writes_every_form_of_a_length(int length)
    {
        var text = new TextValue(new string('x', length));
        Assert.Equal(text, ValueCodec.Decode(ValueCodec.Encode(text, TerraformType.String), TerraformType.String));
        var list = new ListValue([.. Enumerable.Repeat<Value?>(true, length)]);
        var type = new CollectionType("list", TerraformType.Bool);
        Assert.Equal(list, ValueCodec.Decode(ValueCodec.Encode(list, type), type));
        var map = new MapValue(Enumerable.Range(0, length).ToDictionary(i => $"{i}", _ => (Value?)false));
        var entries = new CollectionType("map", TerraformType.Bool);
        Assert.Equal(map, ValueCodec.Decode(ValueCodec.Encode(map, entries), entries));
    }

    [Fact]
    public void Json_round_trip_gives_the_same_value() =>
        Examples.Satisfy(
            TerraformValues.TypedValues.Where(p => !TerraformValues.HasUnknown(p.Value)),
            pair =>
                Equals(
                    JsonValues.FromJson(JsonNode.Parse(JsonValues.ToJson(pair.Value)?.ToJsonString() ?? "null"), pair.Type),
                    pair.Value
                )
        );

    private static bool GivesValueOrFormatError(byte[] bytes, TerraformType type)
    {
        try
        {
            ValueCodec.Decode(bytes, type);
        }
        catch (FormatException)
        {
            // A FormatException is the other allowed result.
        }
        return true;
    }
}
