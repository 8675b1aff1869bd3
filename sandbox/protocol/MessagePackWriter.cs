using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace InfraCdktf.Sandbox.Protocol;

/// <summary>Writes MessagePack tokens, each in its shortest form.</summary>
internal sealed class MessagePackWriter
{
    private readonly ArrayBufferWriter<byte> _out = new();

    public byte[] ToArray() => _out.WrittenSpan.ToArray();

    public void Nil() => Byte(0xc0);

    public void Bool(bool truth) => Byte(truth ? (byte)0xc3 : (byte)0xc2);

    public void Integer(long value)
    {
        if (value is >= -32 and <= 127)
            Byte((byte)value);
        else
            Head(0xd3, (ulong)value, 8);
    }

    public void Text(string text)
    {
        Length(Encoding.UTF8.GetByteCount(text), 0xa0, 31, 0xd9);
        Encoding.UTF8.GetBytes(text, _out);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Length(bytes.Length, 0, -1, 0xc4);
        _out.Write(bytes);
    }

    public void Array(int count) => Count(count, 0x90, 0xdc);

    public void Map(int count) => Count(count, 0x80, 0xde);

    public void Extension(sbyte code, ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 1)
            Byte(0xd4);
        else
            Length(payload.Length, 0, -1, 0xc7);
        Byte((byte)code);
        _out.Write(payload);
    }

    private void Count(int count, byte fix, byte wide)
    {
        if (count <= 15)
            Byte((byte)(fix | count));
        else if (count <= ushort.MaxValue)
            Head(wide, (ulong)count, 2);
        else
            Head((byte)(wide + 1), (ulong)count, 4);
    }

    private void Length(int length, byte fix, int fixMax, byte wide)
    {
        if (length <= fixMax)
            Byte((byte)(fix | length));
        else if (length <= byte.MaxValue)
            Head(wide, (ulong)length, 1);
        else if (length <= ushort.MaxValue)
            Head((byte)(wide + 1), (ulong)length, 2);
        else
            Head((byte)(wide + 2), (ulong)length, 4);
    }

    private void Head(byte head, ulong value, int size)
    {
        Byte(head);
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, value);
        _out.Write(all[(8 - size)..]);
    }

    private void Byte(byte value)
    {
        _out.GetSpan(1)[0] = value;
        _out.Advance(1);
    }
}
