using System.Runtime.Versioning;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Storage;

[Trait("Level", "pure")]
public sealed class EncryptedFileTests : IDisposable
{
    private const int Chunk = 64 * 1024;

    private readonly TemporaryDirectory _directory = new();
    private readonly StateKey _key = StateKey.Generate();

    // Sizes around chunk boundaries, where an error is most likely.
    private static Gen<int> Sizes { get; } =
        Gen.OneOf(
            Gen.Choose(0, 200),
            Gen.Elements(Chunk - 1, Chunk, Chunk + 1, 2 * Chunk - 1, 2 * Chunk, 2 * Chunk + 1),
            Gen.Choose(0, 3 * Chunk)
        );

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Encrypted_file_is_read_from_any_position() =>
        Examples.Satisfy(
            Sizes.SelectMany(size => Gen.Choose(0, size).Select(from => (Size: size, From: from))),
            example =>
            {
                var content = new byte[example.Size];
                TestRandom.Of(example.From).NextBytes(content);
                using var opened = EncryptedFile.OpenRead(Encrypt(content), Keys(_key));
                opened.Position = example.From;
                using var read = new MemoryStream();
                opened.CopyTo(read);
                return opened.Length == example.Size && read.ToArray().AsSpan().SequenceEqual(content.AsSpan(example.From));
            },
            tests: 60
        );

    [Fact]
    public void Encrypted_file_with_a_changed_byte_is_refused() =>
        Examples.Satisfy(
            Sizes.SelectMany(size => Gen.Choose(0, int.MaxValue - 1).Select(place => (Size: size, Place: place))),
            example =>
            {
                var file = Encrypt(new byte[example.Size]);
                var bytes = File.ReadAllBytes(file);
                bytes[example.Place % bytes.Length] ^= 0x20;
                File.WriteAllBytes(file, bytes);
                return Refused(file);
            },
            tests: 60
        );

    [Fact]
    public void Encrypted_file_of_another_length_is_refused_at_opening() =>
        Examples.Satisfy(
            Sizes.SelectMany(size => Gen.Choose(0, int.MaxValue - 1).Select(place => (Size: size, Place: place))),
            example =>
            {
                var file = Encrypt(new byte[example.Size]);
                var bytes = File.ReadAllBytes(file);
                File.WriteAllBytes(file, bytes[..(example.Place % bytes.Length)]);
                var cut = Record.Exception(() => EncryptedFile.OpenRead(file, Keys(_key)).Dispose());
                File.WriteAllBytes(file, [.. bytes, .. new byte[1 + example.Place % 100]]);
                var grown = Record.Exception(() => EncryptedFile.OpenRead(file, Keys(_key)).Dispose());
                return cut is PipelineException && grown is PipelineException;
            },
            tests: 60
        );

    [Fact]
    public void Encrypted_file_with_missing_or_moved_chunks_is_refused()
    {
        var file = Encrypt(new byte[3 * Chunk]);
        var bytes = File.ReadAllBytes(file);
        var start = bytes.Length - 3 * (Chunk + 16);
        var (first, second, third) = (Part(0), Part(1), Part(2));
        Assert.All(
            new byte[][][] { [first, second], [second, first, third], [first, third], [first, first, second, third] },
            parts =>
            {
                File.WriteAllBytes(file, [.. bytes[..start], .. parts.SelectMany(part => part)]);
                Assert.True(Refused(file));
            }
        );

        byte[] Part(int number) => bytes[(start + number * (Chunk + 16))..(start + (number + 1) * (Chunk + 16))];
    }

    [Fact]
    public void Encrypted_file_names_another_key_and_opens_with_either_key()
    {
        var (file, other) = (Encrypt("state"u8.ToArray()), StateKey.Generate());

        var refused = Assert.Throws<PipelineException>(() => EncryptedFile.OpenRead(file, Keys(other)));

        Assert.Equal(
            $"{file}: encrypted with the state key {_key.Fingerprint} of stack core; the given keys are {other.Fingerprint}. "
                + "Set STATE_KEY_CORE or STATE_KEY_CORE_PREVIOUS to that key.",
            refused.Message
        );
        using var opened = EncryptedFile.OpenRead(file, Keys(other, previous: _key));
        using var reader = new StreamReader(opened);
        Assert.Equal("state", reader.ReadToEnd());
    }

    [Fact]
    public void Encrypted_file_shows_neither_content_nor_key()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("root_password ", 100)));
        var (first, second) = (File.ReadAllBytes(Encrypt(content)), File.ReadAllBytes(Encrypt(content)));

        Assert.True(first.AsSpan().IndexOf("root_password"u8) < 0);
        Assert.True(first.AsSpan().IndexOf(Convert.FromBase64String(_key.Base64)) < 0);
        Assert.NotEqual(first[^32..], second[^32..]);
        Assert.Equal(new EncryptedHeader(1, "core", _key.Fingerprint), EncryptedFile.ReadHeader(Encrypt(content)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null\n")]
    [InlineData("{\"format\":2,\"stack\":\"core\",\"fingerprint\":\"0\"}\n")]
    [InlineData("{\"version\":4,\"terraform_version\":\"1.11.4\"}\n")]
    public void Encrypted_file_reader_refuses_another_format(string text)
    {
        var file = _directory.Write("plain", text);

        var error = Assert.Throws<PipelineException>(() => EncryptedFile.OpenRead(file, Keys(_key)));

        Assert.Equal($"{file}: not an encrypted file of format 1.", error.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")] // It has no such file modes; developers and runners of this repository do not use it.
    public void Encrypted_file_is_private_and_survives_a_failed_write()
    {
        var file = Encrypt("first"u8.ToArray());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(file)!)
        );
        var before = File.ReadAllBytes(file);

        Assert.ThrowsAny<IOException>(() => Write(file, new BreakingStream()));

        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal([file], Directory.EnumerateFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void Encrypted_file_draft_is_removed_after_an_hour()
    {
        var file = Encrypt("first"u8.ToArray());
        var (old, young) = ($"{file}.1.draft", $"{file}.2.draft");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-61));

        Encrypt("second"u8.ToArray());

        Assert.Equal([file, young], Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal));
    }

    private string Encrypt(byte[] content)
    {
        var file = Path.Combine(_directory.Path, "queue", "core.sealed");
        Write(file, new MemoryStream(content));
        return file;
    }

    private void Write(string file, Stream content) =>
        EncryptedFile.WriteAsync(file, "core", _key, content, CancellationToken.None).GetAwaiter().GetResult();

    private bool Refused(string file)
    {
        var error = Record.Exception(() =>
        {
            using var opened = EncryptedFile.OpenRead(file, Keys(_key));
            opened.CopyTo(Stream.Null);
        });
        return error is PipelineException;
    }

    private static StateKeys Keys(StateKey key, StateKey? previous = null) =>
        new(
            new Dictionary<string, string>
            {
                ["STATE_KEY_CORE"] = key.Base64,
                ["STATE_KEY_CORE_PREVIOUS"] = previous?.Base64 ?? "",
            }
        );

    /// <summary>A source that fails after its first chunk.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private bool _given;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given)
                throw new IOException("gone");
            _given = true;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
