using System.Buffers.Binary;
using System.Text;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>The kind of a MessagePack token.</summary>
internal enum MessagePackToken
{
    Nil,
    Bool,
    Integer,
    Float,
    Text,
    Bytes,
    Array,
    Map,
    Extension,
}

/// <summary>
/// Reads MessagePack tokens (specification: github.com/msgpack/msgpack). Any defect of the input is a FormatException. Lengths
/// are checked against the remaining bytes before memory is allocated.
/// </summary>
internal ref struct MessagePackReader(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    public readonly bool AtEnd => _position == _data.Length;

    public readonly MessagePackToken Next =>
        Head switch
        {
            <= 0x7f or (>= 0xcc and <= 0xd3) or >= 0xe0 => MessagePackToken.Integer,
            <= 0x8f or 0xde or 0xdf => MessagePackToken.Map,
            <= 0x9f or 0xdc or 0xdd => MessagePackToken.Array,
            <= 0xbf or (>= 0xd9 and <= 0xdb) => MessagePackToken.Text,
            0xc0 => MessagePackToken.Nil,
            0xc2 or 0xc3 => MessagePackToken.Bool,
            >= 0xc4 and <= 0xc6 => MessagePackToken.Bytes,
            (>= 0xc7 and <= 0xc9) or (>= 0xd4 and <= 0xd8) => MessagePackToken.Extension,
            0xca or 0xcb => MessagePackToken.Float,
            var unused => throw new FormatException($"MessagePack: no value starts with 0x{unused:x2}."),
        };

    private readonly byte Head => AtEnd ? throw new FormatException("MessagePack ends early.") : _data[_position];

    public void Nil() => Expect(MessagePackToken.Nil);

    public bool Bool()
    {
        Expect(MessagePackToken.Bool);
        return _data[_position - 1] == 0xc3;
    }

    public Int128 Integer()
    {
        var head = Expect(MessagePackToken.Integer);
        return head switch
        {
            <= 0x7f => head,
            >= 0xe0 => (sbyte)head,
            <= 0xcf => Unsigned(1 << (head - 0xcc)),
            0xd0 => (sbyte)Unsigned(1),
            0xd1 => (short)Unsigned(2),
            0xd2 => (int)Unsigned(4),
            _ => (long)Unsigned(8),
        };
    }

    public double Float() =>
        Expect(MessagePackToken.Float) == 0xca
            ? BinaryPrimitives.ReadSingleBigEndian(Take(4))
            : BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Text()
    {
        var head = Expect(MessagePackToken.Text);
        var bytes = Take(head <= 0xbf ? (uint)(head & 0x1f) : (uint)Unsigned(1 << (head - 0xd9)));
        try
        {
            return _strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("A MessagePack string is not UTF-8.", e);
        }
    }

    public byte[] Bytes() => Take((uint)Unsigned(1 << (Expect(MessagePackToken.Bytes) - 0xc4))).ToArray();

    /// <summary>The number of elements that follow.</summary>
    public int Array() => Count(Expect(MessagePackToken.Array), 0x9f, 0xdc, bytesPerItem: 1);

    /// <summary>The number of key and value pairs that follow.</summary>
    public int Map() => Count(Expect(MessagePackToken.Map), 0x8f, 0xde, bytesPerItem: 2);

    public (sbyte Code, byte[] Payload) Extension()
    {
        var head = Expect(MessagePackToken.Extension);
        var length = head >= 0xd4 ? 1u << (head - 0xd4) : (uint)Unsigned(1 << (head - 0xc7));
        var code = (sbyte)Take(1)[0];
        return (code, Take(length).ToArray());
    }

    private byte Expect(MessagePackToken token)
    {
        if (Next != token)
            throw new FormatException($"MessagePack: {token} expected, {Next} found at byte {_position}.");
        return _data[_position++];
    }

    private int Count(byte head, byte fixedMax, byte wide, int bytesPerItem)
    {
        var count = head <= fixedMax ? (ulong)(head & 0x0f) : Unsigned(2 << (head - wide));
        if (count * (ulong)bytesPerItem > (ulong)(_data.Length - _position))
            throw new FormatException($"MessagePack: {count} elements announced, too few bytes left.");
        return (int)count;
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > _data.Length - _position)
            throw new FormatException("MessagePack ends early.");
        var slice = _data.Slice(_position, (int)length);
        _position += (int)length;
        return slice;
    }

    private ulong Unsigned(int size)
    {
        var value = 0ul;
        foreach (var octet in Take((uint)size))
            value = (value << 8) | octet;
        return value;
    }
}
