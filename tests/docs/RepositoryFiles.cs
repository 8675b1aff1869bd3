using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>What is checked in, found by walking the folder: a copy without git's own folder has the same files.</summary>
internal static class RepositoryFiles
{
    // What builds and runs make; .gitignore lists the same.
    private static readonly string[] s_made =
    [
        ".git",
        ".feed",
        ".work",
        ".terraform",
        ".rehearsal",
        ".pipeline",
        ".vs",
        ".idea",
        "bin",
        "obj",
        "node_modules",
        "cdktf.out",
        "outputs",
        "TestResults",
        "BenchmarkDotNet.Artifacts",
    ];

    /// <summary>Full paths of all files.</summary>
    public static IEnumerable<string> All => Under(Repository.Root);

    /// <summary>Pages, as paths relative to the root with forward slashes, sorted.</summary>
    public static IEnumerable<string> Pages =>
        All.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(Relative).Order(StringComparer.Ordinal);

    /// <summary>A path relative to the root with forward slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    /// <summary>Folders at the root that hold anything checked in.</summary>
    public static IEnumerable<string> TopFolders =>
        Directory
            .GetDirectories(Repository.Root)
            .Where(folder => !s_made.Contains(Path.GetFileName(folder)) && Under(folder).Any())
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> Under(string folder) =>
        Directory
            .GetFiles(folder)
            .Concat(Directory.GetDirectories(folder).Where(inner => !s_made.Contains(Path.GetFileName(inner))).SelectMany(Under));
}
