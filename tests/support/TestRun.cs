using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace InfraCdktf.Tests.Support;

/// <summary>
/// One run of the tests. All temporary files of the tests, and of the programs that they start, are in one directory. It is empty
/// at the end, or the run fails and names what was left.
/// </summary>
public sealed partial class TestRun : IAsyncDisposable
{
    private const string Variable = "TMPDIR";
    private const string Shared = "shared";

    private static readonly ConcurrentBag<IAsyncDisposable> s_atEnd = [];

    private static string s_shared = "";

    private readonly string? _before = System.Environment.GetEnvironmentVariable(Variable);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("infra-cdktf-tests-");

    /// <summary>Begins the run.</summary>
    public TestRun()
    {
        System.Environment.SetEnvironmentVariable(Variable, _directory.FullName);
        s_shared = _directory.CreateSubdirectory(Shared).FullName;
    }

    /// <summary>The path of a new folder for files that tests share. It is deleted at the end of the run.</summary>
    public static string NewSharedFolder() => Path.Combine(s_shared, Path.GetRandomFileName());

    /// <summary>Disposes an object that tests share at the end of the run.</summary>
    public static void AtEnd(IAsyncDisposable shared) => s_atEnd.Add(shared);

    /// <summary>Stops what all tests share, and deletes the directory.</summary>
    /// <exception cref="InvalidOperationException">A test left files.</exception>
    public async ValueTask DisposeAsync()
    {
        foreach (var shared in s_atEnd)
            await shared.DisposeAsync();
        System.Environment.SetEnvironmentVariable(Variable, _before);
        var left = _directory
            .EnumerateFileSystemInfos()
            .Select(entry => entry.Name)
            .Where(name => name != Shared && !OfJsii().IsMatch(name))
            .ToList();
        _directory.Delete(recursive: true);
        if (left.Count == 0)
            return;
        // The run shows only the type of an exception from here.
        Console.Error.WriteLine(
            $"The tests left {left.Count} file(s) or folder(s) in the temporary directory: {string.Join(", ", left)}. Use a "
                + "TemporaryDirectory, and dispose it."
        );
        throw new InvalidOperationException("The tests left files in the temporary directory.");
    }

    // jsii extracts its runtime once in a process and never deletes it; the program deletes it (synthesis/JsiiRuntime.cs).
    [GeneratedRegex(@"^(?:[a-z0-9]{8}\.[a-z0-9]{3}|jsii-.*|tmp\w{6}(?:\.tmp)?)$")]
    private static partial Regex OfJsii();
}
