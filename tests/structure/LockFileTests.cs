using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using InfraCdktf.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace InfraCdktf.Tests.Structure;

/// <summary>What a build takes from package registries is known by its content.</summary>
public sealed class LockFileTests
{
    private const string Name = "packages.lock.json";

    public static TheoryData<string> Projects =>
        new(
            Directory
                .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.TopDirectoryOnly)
                .Concat(
                    Directory
                        .EnumerateDirectories(Repository.Root)
                        .Where(directory => Path.GetFileName(directory) is not ("node_modules" or "providers" or "bin" or "obj"))
                        .SelectMany(directory => Directory.EnumerateFiles(directory, "*.csproj"))
                )
                .Select(file => Path.GetRelativePath(Repository.Root, file))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [Trait("Level", "pure")]
    [MemberData(nameof(Projects))]
    public void Project_has_a_lock_file_with_the_content_of_each_package(string project)
    {
        var file = Path.Combine(Path.GetDirectoryName(Repository.PathOf(project))!, Name);
        var packages = JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!
            .AsObject()
            .SelectMany(framework => framework.Value!.AsObject())
            .Where(package => package.Value!["type"]!.GetValue<string>() != "Project")
            .ToDictionary(package => package.Key, package => package.Value!);

        Assert.All(packages, package => Assert.Equal(88, package.Value["contentHash"]!.GetValue<string>().Length));
        // The bindings are files.
        Assert.DoesNotContain(packages, package => package.Key is "Constructs" || package.Key.StartsWith("HashiCorp."));
        // An asked version is the resolved one: no source had only a newer one.
        foreach (var reference in XDocument.Load(Repository.PathOf(project)).Descendants("PackageReference"))
            Assert.Equal(
                reference.Attribute("Version")!.Value.Trim('[', ']'),
                packages[reference.Attribute("Include")!.Value]["resolved"]!.GetValue<string>()
            );
    }

    public static TheoryData<string> NpmLockFiles => [.. FilesNamed("package-lock.json")];

    [Theory]
    [Trait("Level", "pure")]
    [MemberData(nameof(NpmLockFiles))]
    public void Npm_packages_are_locked_by_their_content(string file)
    {
        var packages = JsonNode.Parse(File.ReadAllText(Repository.PathOf(file)))!["packages"]!.AsObject();
        Assert.All(
            packages.Where(package => package.Key != "" && package.Value!["link"] is null && package.Value["inBundle"] is null),
            package => Assert.StartsWith("sha512-", package.Value!["integrity"]?.GetValue<string>() ?? $"none: {package.Key}")
        );
    }

    [Fact]
    [Trait("Level", "pure")]
    public void Npm_folder_with_packages_has_a_lock_file() =>
        Assert.Equal(FilesNamed("package.json").Select(Folder), FilesNamed("package-lock.json").Select(Folder));

    /// <summary>Dependabot looks at the folders that its file names, and at no other.</summary>
    [Fact]
    [Trait("Level", "pure")]
    public void Dependabot_knows_every_folder_with_packages()
    {
        Assert.Equal(FilesNamed("package-lock.json").Select(Folder).Order(), Folders("npm").Order());
        Assert.Equal(FilesNamed(Name).Select(Folder).Order(), Folders("nuget").Order());

        static IEnumerable<string> Folders(string ecosystem)
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(Repository.PathOf(".github", "dependabot.yml"))));
            var update = ((YamlSequenceNode)stream.Documents.Single().RootNode["updates"]).Single(one =>
                $"{one["package-ecosystem"]}" == ecosystem
            );
            return ((YamlSequenceNode)update["directories"]).Select(folder => $"{folder}");
        }
    }

    private static IEnumerable<string> FilesNamed(string name) =>
        Directory
            .EnumerateFiles(
                Repository.Root,
                name,
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
            )
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split('/').Any(part => part is "node_modules" or "bin" or "obj" or ".git" or "cdktf.out"))
            .Order(StringComparer.Ordinal);

    private static string Folder(string file) => $"/{Path.GetDirectoryName(file)}";

    /// <summary>In CI, as .ci/run sets it.</summary>
    [Theory]
    [Trait("Level", "real")]
    [InlineData("contentHash", "NU1403")] // the registry has another content
    [InlineData("requested", "NU1004")] // the lock file is not of this project
    public void Restore_refuses_a_package_that_is_not_the_locked_one(string field, string error)
    {
        using var clone = new TemporaryDirectory();
        string[] files =
        [
            "environments/Environments.csproj",
            $"environments/{Name}",
            "pipeline/Pipeline.csproj",
            $"pipeline/{Name}",
        ];
        foreach (var path in files.Append("Directory.Build.props"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(clone.Path, path))!);
            File.Copy(Repository.PathOf(path), Path.Combine(clone.Path, path));
        }
        Directory.CreateDirectory(Path.Combine(clone.Path, "providers"));
        File.Copy(Repository.PathOf("providers/Bindings.props"), Path.Combine(clone.Path, "providers", "Bindings.props"));
        var lockFile = Path.Combine(clone.Path, "pipeline", Name);
        var locked = JsonNode.Parse(File.ReadAllText(lockFile))!;
        var package = locked["dependencies"]!["net10.0"]!["Polly.Core"]!;
        package[field] = field == "requested" ? "[8.0.0, )" : new string('A', 86) + "==";
        File.WriteAllText(lockFile, locked.ToJsonString());

        var (code, output) = Restore(clone.Path);

        Assert.NotEqual(0, code);
        Assert.Contains(error, output, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Restore(string directory)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", "pipeline/Pipeline.csproj", "-p:CI=true"])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
        };
        // The SDK leaves empty directories.
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(directory, "temporary")).FullName;
        // The settings of the surrounding build.
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToList()
        )
            start.Environment.Remove(name);
        using var restore = Process.Start(start)!;
        var output = restore.StandardOutput.ReadToEnd();
        restore.WaitForExit();
        return (restore.ExitCode, output);
    }
}
