using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>
/// The files that are checked in. They are found by walking the folders, so a copy without git's own folder gives the same files.
/// </summary>
internal static class RepositoryFiles
{
    // Folders that builds and runs make; .gitignore has the same list.
    private static readonly string[] s_made =
    [
        ".git",
        ".feed",
        ".work",
        ".terraform",
        ".rehearsal",
        ".pipeline",
        ".sandbox",
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

    /// <summary>Markdown pages: paths relative to the root with forward slashes, sorted.</summary>
    public static IEnumerable<string> Pages =>
        All.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Select(Relative).Order(StringComparer.Ordinal);

    /// <summary>A path relative to the root with forward slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    /// <summary>Folders at the root that contain a checked-in file.</summary>
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
