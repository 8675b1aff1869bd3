using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Storage;

[Trait("Level", "pure")]
public sealed class SealedFileTests : IDisposable
{
    private const int Chunk = 64 * 1024;

    private readonly TemporaryDirectory _directory = new();
    private readonly StateKey _key = StateKey.Generate();

    // Round about the borders of chunks, where a mistake would be.
    private static Gen<int> Sizes { get; } =
        Gen.OneOf(
            Gen.Choose(0, 200),
            Gen.Elements(Chunk - 1, Chunk, Chunk + 1, 2 * Chunk - 1, 2 * Chunk, 2 * Chunk + 1),
            Gen.Choose(0, 3 * Chunk)
        );

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_sealed_comes_back_from_any_place_in_it() =>
        Examples.Satisfy(
            Sizes.SelectMany(size => Gen.Choose(0, size).Select(from => (Size: size, From: from))),
            example =>
            {
                var content = RandomNumberGenerator.GetBytes(example.Size);
                using var opened = EncryptedFile.OpenRead(Seal(content), Keys(_key));
                opened.Position = example.From;
                using var read = new MemoryStream();
                opened.CopyTo(read);
                return opened.Length == example.Size && read.ToArray().AsSpan().SequenceEqual(content.AsSpan(example.From));
            },
            tests: 60
        );

    [Fact]
    public void A_changed_byte_anywhere_is_noticed() =>
        Examples.Satisfy(
            Sizes.SelectMany(size => Gen.Choose(0, int.MaxValue - 1).Select(place => (Size: size, Place: place))),
            example =>
            {
                var file = Seal(new byte[example.Size]);
                var bytes = File.ReadAllBytes(file);
                bytes[example.Place % bytes.Length] ^= 0x20;
                File.WriteAllBytes(file, bytes);
                return Refused(file);
            },
            tests: 60
        );

    [Fact]
    public void A_cut_or_longer_file_is_noticed_before_any_of_it_is_read() =>
        Examples.Satisfy(
            Sizes.SelectMany(size => Gen.Choose(0, int.MaxValue - 1).Select(place => (Size: size, Place: place))),
            example =>
            {
                var file = Seal(new byte[example.Size]);
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
    public void A_file_cut_between_two_chunks_and_two_that_changed_places_are_noticed()
    {
        var file = Seal(new byte[3 * Chunk]);
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
    public void Another_key_is_told_from_damage_and_both_keys_of_a_rekey_open()
    {
        var (file, other) = (Seal("state"u8.ToArray()), StateKey.Generate());

        var refused = Assert.Throws<PipelineException>(() => EncryptedFile.OpenRead(file, Keys(other)));

        Assert.Equal(
            $"{file}: sealed with the state key {_key.Fingerprint} of stack core; the keys given are {other.Fingerprint}. Set STATE_KEY_CORE or STATE_KEY_CORE_PREVIOUS to that key.",
            refused.Message
        );
        using var opened = EncryptedFile.OpenRead(file, Keys(other, previous: _key));
        using var reader = new StreamReader(opened);
        Assert.Equal("state", reader.ReadToEnd());
    }

    [Fact]
    public void Nothing_of_the_content_or_the_key_is_in_the_file_and_equal_contents_look_different()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("root_password ", 100)));
        var (first, second) = (File.ReadAllBytes(Seal(content)), File.ReadAllBytes(Seal(content)));

        Assert.True(first.AsSpan().IndexOf("root_password"u8) < 0);
        Assert.True(first.AsSpan().IndexOf(Convert.FromBase64String(_key.Base64)) < 0);
        Assert.NotEqual(first[^32..], second[^32..]);
        Assert.Equal(new SealedHeader(1, "core", _key.Fingerprint), EncryptedFile.ReadHeader(Seal(content)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null\n")]
    [InlineData("{\"format\":2,\"stack\":\"core\",\"fingerprint\":\"0\"}\n")]
    [InlineData("{\"version\":4,\"terraform_version\":\"1.11.4\"}\n")]
    public void What_is_no_sealed_file_is_called_so(string text)
    {
        var file = _directory.Write("plain", text);

        var error = Assert.Throws<PipelineException>(() => EncryptedFile.OpenRead(file, Keys(_key)));

        Assert.Equal($"{file}: not a sealed file of format 1.", error.Message);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")] // where files have no such modes; neither developers nor runners of this repository are there
    public void It_is_its_owners_alone_and_a_write_that_fails_leaves_what_was_there()
    {
        var file = Seal("first"u8.ToArray());
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
    public void A_draft_that_a_killed_run_left_is_removed_after_an_hour_and_not_before()
    {
        var file = Seal("first"u8.ToArray());
        var (old, young) = ($"{file}.1.draft", $"{file}.2.draft");
        File.WriteAllText(old, "");
        File.WriteAllText(young, "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-61));

        Seal("second"u8.ToArray());

        Assert.Equal([file, young], Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal));
    }

    private string Seal(byte[] content)
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
