namespace InfraCdktf.Tests.Support;

/// <summary>
/// Compares what commands say with a checked-in text. With <c>ACCEPT_SNAPSHOTS=1</c>, and not in CI, it is overwritten.
/// </summary>
internal static class Golden
{
    /// <summary>Compares a text with a file.</summary>
    /// <param name="actual">The text.</param>
    /// <param name="path">The file, below the repository's root.</param>
    public static void Match(string actual, params string[] path)
    {
        var file = Repository.PathOf(path);
        actual = actual.TrimEnd('\n') + "\n";
        if (File.Exists(file) && File.ReadAllText(file) == actual)
            return;
        var accepts = System.Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1";
        if (accepts && System.Environment.GetEnvironmentVariable("CI") != "true")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }
        Assert.Fail(
            $"{string.Join('/', path)} differs. To accept: ACCEPT_SNAPSHOTS=1 dotnet test, then review the difference. "
                + $"The text is now:\n{actual}"
        );
    }
}
