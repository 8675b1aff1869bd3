using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

[Trait("Level", "pure")]
public sealed class StackPackageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Package_contains_only_the_configuration()
    {
        var stack = Stack("stack");
        foreach (
            var secret in (string[])
                [".terraform/providers/x", "terraform.tfstate", "errored.tfstate", "plan", "zz_override.tf.json"]
        )
            Write(stack, secret, "not for others");

        await UnpackAsync(StackPackage.Pack(stack).Bytes, "copy");

        Assert.Equal(
            [".terraform.lock.hcl", "assets/chart/Chart.yaml", $"assets/{new string('n', 120)}/long.yaml", "cdk.tf.json"],
            Files("copy")
        );
        Assert.Equal("name: chart", File.ReadAllText(Path.Combine(_directory.Path, "copy", "assets", "chart", "Chart.yaml")));
    }

    [Fact]
    public void Package_digest_does_not_depend_on_the_compression()
    {
        var package = StackPackage.Pack(Stack("stack"));
        using var content = new GZipStream(new MemoryStream(package.Bytes), CompressionMode.Decompress);
        using var smaller = new MemoryStream();
        using (var gzip = new GZipStream(smaller, CompressionLevel.SmallestSize, leaveOpen: true))
            content.CopyTo(gzip);

        Assert.NotEqual(package.Bytes, smaller.ToArray());
        Assert.Equal(package.Digest, StackPackage.DigestOf(package.Bytes));
        Assert.Equal(package.Digest, StackPackage.DigestOf(smaller.ToArray()));
        Assert.Null(StackPackage.DigestOf([1, 2, 3]));
    }

    [Fact]
    public void Package_bytes_depend_only_on_the_files()
    {
        var first = Stack("first");
        var second = Stack("second");
        File.SetLastWriteTimeUtc(Path.Combine(second, "cdk.tf.json"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                Path.Combine(second, "cdk.tf.json"),
                UnixFileMode.UserRead | UnixFileMode.OtherRead | UnixFileMode.UserWrite
            );

        Assert.Equal(StackPackage.Pack(first).Bytes, StackPackage.Pack(second).Bytes);
        Assert.Equal(StackPackage.Pack(first).Digest, StackPackage.Pack(second).Digest);

        Write(second, "assets/chart/Chart.yaml", "name: other");
        Assert.NotEqual(StackPackage.Pack(first).Digest, StackPackage.Pack(second).Digest);
    }

    [Fact]
    public async Task Unpack_writes_no_file_outside_its_directory()
    {
        // Names built from parts that can lead out of a directory.
        var parts = Gen.Elements(
            "..",
            ".",
            "",
            "assets",
            "a",
            "etc",
            "..\\..",
            "C:",
            "\\\\host",
            "~",
            "...",
            "a ..",
            "\u2024\u2024"
        );
        var names = from count in Gen.Choose(1, 5) from some in Gen.ListOf(parts, count) select string.Join('/', some);
        var number = 0;

        await Task.Run(() =>
            Examples.Satisfy(
                names.Where(name => name.Length > 0),
                name =>
                {
                    var (outer, inner) = ($"outer-{number}", Path.Combine($"outer-{number++}", "inner"));
                    try
                    {
                        UnpackAsync(Package(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = Bytes("x") }), inner)
                            .GetAwaiter()
                            .GetResult();
                    }
                    catch (PipelineException)
                    {
                        return Files(outer).Count == 0;
                    }
                    return Files(outer) is [var only] && only == $"inner/{name}";
                },
                tests: 200
            )
        );
    }

    public static TheoryData<string, TarEntryType> Others =>
        new()
        {
            { "a link out of the directory", TarEntryType.SymbolicLink },
            { "a second name for a file elsewhere", TarEntryType.HardLink },
            { "a directory", TarEntryType.Directory },
            { "a pipe", TarEntryType.Fifo },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Unpack_refuses_every_entry_that_is_no_regular_file(string what, TarEntryType type)
    {
        var entry = new GnuTarEntry(type, "assets");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "/etc";

        var refused = await Assert.ThrowsAsync<PipelineException>(() => UnpackAsync(Package(entry), "copy"));

        Assert.Contains($"\"assets\" ({type})", refused.Message, StringComparison.Ordinal);
        Assert.True(Files("copy").Count == 0, what);
    }

    [Fact]
    public async Task Unpack_refuses_a_second_file_with_the_same_name()
    {
        var twice = Package(
            new GnuTarEntry(TarEntryType.RegularFile, "cdk.tf.json") { DataStream = Bytes("first") },
            new GnuTarEntry(TarEntryType.RegularFile, "cdk.tf.json") { DataStream = Bytes("second") }
        );

        await Assert.ThrowsAsync<PipelineException>(() => UnpackAsync(twice, "copy"));
        Assert.Equal("first", File.ReadAllText(Path.Combine(_directory.Path, "copy", "cdk.tf.json")));
    }

    [Fact]
    public async Task Unpack_refuses_a_cut_or_invalid_package_with_a_message()
    {
        var whole = StackPackage.Pack(Stack("stack")).Bytes;
        foreach (var broken in (byte[][])[whole[..(whole.Length / 2)], [.. "not a package"u8]])
            Assert.Contains(
                "cannot be read",
                (await Assert.ThrowsAsync<PipelineException>(() => UnpackAsync(broken, $"copy-{broken.Length}"))).Message,
                StringComparison.Ordinal
            );
    }

    public void Dispose() => _directory.Dispose();

    private string Stack(string name)
    {
        var stack = Path.Combine(_directory.Path, name);
        Write(stack, "cdk.tf.json", "{}");
        Write(stack, ".terraform.lock.hcl", "# locked");
        Write(stack, "assets/chart/Chart.yaml", "name: chart");
        Write(stack, $"assets/{new string('n', 120)}/long.yaml", "long: true");
        return stack;
    }

    private static void Write(string directory, string name, string text)
    {
        var path = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static byte[] Package(params IEnumerable<TarEntry> entries)
    {
        using var content = new MemoryStream();
        using (var gzip = new GZipStream(content, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        return content.ToArray();
    }

    private async Task UnpackAsync(byte[] package, string name)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, name)).FullName;
        await StackPackage.UnpackAsync(new MemoryStream(package), directory, CancellationToken.None);
    }

    private IReadOnlyList<string> Files(string name)
    {
        var directory = Path.Combine(_directory.Path, name);
        return
        [
            .. Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(directory, file))
                .Order(StringComparer.Ordinal),
        ];
    }
}
