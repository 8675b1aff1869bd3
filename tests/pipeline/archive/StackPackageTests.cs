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
    public async Task What_is_packed_is_unpacked_and_nothing_else_that_lies_there()
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
    public void The_same_files_give_the_same_bytes_wherever_and_whenever_they_lie()
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
    public async Task No_name_leads_out_of_the_directory()
    {
        // Names made of all that has ever led out of one.
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
    public async Task Only_files_are_taken(string what, TarEntryType type)
    {
        var entry = new GnuTarEntry(type, "assets");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "/etc";

        var refused = await Assert.ThrowsAsync<PipelineException>(() => UnpackAsync(Package(entry), "copy"));

        Assert.Contains($"\"assets\" ({type})", refused.Message, StringComparison.Ordinal);
        Assert.True(Files("copy").Count == 0, what);
    }

    [Fact]
    public async Task A_file_is_not_written_twice()
    {
        var twice = Package(
            new GnuTarEntry(TarEntryType.RegularFile, "cdk.tf.json") { DataStream = Bytes("first") },
            new GnuTarEntry(TarEntryType.RegularFile, "cdk.tf.json") { DataStream = Bytes("second") }
        );

        await Assert.ThrowsAsync<PipelineException>(() => UnpackAsync(twice, "copy"));
        Assert.Equal("first", File.ReadAllText(Path.Combine(_directory.Path, "copy", "cdk.tf.json")));
    }

    [Fact]
    public async Task What_is_cut_or_no_package_is_refused_in_a_sentence()
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
