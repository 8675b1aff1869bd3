namespace InfraCdktf.Tests.Support;

/// <summary>The repository that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The nearest folder above the test assembly that contains InfraCdktf.csproj.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path inside the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "InfraCdktf.csproj")))
                return folder.FullName;
        }
        throw new InvalidOperationException(
            $"InfraCdktf.csproj: not found in a folder above {AppContext.BaseDirectory}. Run the tests inside the repository."
        );
    }
}
