using System.Security.Cryptography;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>Reads a <see cref="EncryptedFile"/>, one chunk at a time; gives nothing that is not authentic.</summary>
internal sealed class EncryptedStream : Stream
{
    private const int Stride = EncryptedFile.ChunkSize + EncryptedFile.TagSize;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly AesGcm _cipher;
    private readonly byte[] _header;
    private readonly long _start;
    private readonly long _chunks;
    private readonly byte[] _sealed = new byte[Stride];
    private readonly byte[] _chunk = new byte[EncryptedFile.ChunkSize];
    private long _opened = -1;
    private int _size;

    /// <summary>Reads on from where the chunks begin.</summary>
    public EncryptedStream(string path, FileStream file, byte[] key, byte[] header)
    {
        (_path, _file, _header, _start) = (path, file, header, file.Position);
        _cipher = new(key, EncryptedFile.TagSize);
        var rest = file.Length - _start;
        _chunks = (rest + Stride - 1) / Stride;
        Length = rest - _chunks * EncryptedFile.TagSize;
        // The end is looked at first: only the true last chunk opens as one, so a file that was cut or grew is found before any of it is used.
        if (_chunks == 0 || Length < (_chunks - 1) * EncryptedFile.ChunkSize)
            throw EncryptedFile.Damaged(path);
        Open(_chunks - 1);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (Position >= Length || buffer.IsEmpty)
            return 0;
        var number = Position / EncryptedFile.ChunkSize;
        if (number != _opened)
            Open(number);
        var from = (int)(Position % EncryptedFile.ChunkSize);
        var count = Math.Min(buffer.Length, _size - from);
        _chunk.AsSpan(from, count).CopyTo(buffer);
        Position += count;
        return count;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _cipher.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Open(long number)
    {
        _opened = -1;
        _file.Position = _start + number * Stride;
        var read = _file.ReadAtLeast(_sealed, Stride, throwOnEndOfStream: false);
        _size = read - EncryptedFile.TagSize;
        try
        {
            _cipher.Decrypt(
                EncryptedFile.Nonce(number, last: number == _chunks - 1),
                _sealed.AsSpan(0, Math.Max(_size, 0)),
                _sealed.AsSpan(Math.Max(_size, 0), EncryptedFile.TagSize),
                _chunk.AsSpan(0, Math.Max(_size, 0)),
                _header
            );
        }
        catch (AuthenticationTagMismatchException)
        {
            throw EncryptedFile.Damaged(_path);
        }
        _opened = number;
    }
}
