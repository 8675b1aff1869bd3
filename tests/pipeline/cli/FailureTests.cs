using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>No failure shows a stack trace; a fault of the program itself has a report in a file.</summary>
[Trait("Level", "pure")]
public sealed class FailureTests
{
    public static TheoryData<string> Faults =>
        ["arithmetic", "null", "several", "type", "cancelled without a request", "out of memory"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_is_one_sentence_and_a_report(string kind)
    {
        var (code, error) = await RunAsync(Thrown(Of(kind)));

        Assert.Equal(ExitCode.Failed, code);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.StartsWith("\"synth\" ended because of a fault in this program (", error, StringComparison.Ordinal);
        Assert.Contains("issue", error, StringComparison.Ordinal);
        var file = error.Split(' ').Single(word => word.Contains(FaultReport.Prefix, StringComparison.Ordinal)).TrimEnd(':');
        try
        {
            Assert.Contains("   at ", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("Read-only file system : '/nowhere/cdktf.out'")]
    [InlineData("No space left on device : '/nowhere/cdktf.out'")]
    public async Task File_error_is_one_sentence(string message)
    {
        foreach (var exception in new Exception[] { new IOException(message), new UnauthorizedAccessException(message) })
        {
            var (code, error) = await RunAsync(exception);

            Assert.Equal(ExitCode.Failed, code);
            Assert.StartsWith($"{message}. Check that", error, StringComparison.Ordinal);
            Assert.Single(error.Trim().Split('\n'));
        }
    }

    [Fact]
    public async Task Failure_with_json_has_the_error_and_what_was_done()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "out.json");
        var (code, _) = await RunAsync(new PipelineException("It is enough."), "synth", "--json", file);

        var document = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(1, (int)document["schemaVersion"]!);
        Assert.Equal(("failed", "It is enough."), ((string)document["error"]!["kind"]!, (string)document["error"]!["message"]!));
    }

    private static Exception Of(string kind) =>
        kind switch
        {
            "null" => new NullReferenceException(),
            "several" => new AggregateException(Thrown(new ArithmeticException("odd")), new PipelineException("known")),
            "type" => new TypeInitializationException("Inventory", new FormatException("no range")),
            "out of memory" => new InsufficientMemoryException(),
            "cancelled without a request" => new ArgumentException("x", new TaskCanceledException()),
            _ => new ArithmeticException("odd"),
        };

    // With a stack trace.
    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }

    private static async Task<(int Code, string Error)> RunAsync(Exception failure, params string[] arguments)
    {
        var error = new StringWriter();
        var workspace = new Workspace
        {
            Platform = Platforms.Three,
            Synthesize = (_, _) => throw failure,
            Directory = "/nowhere",
            Output = "/nowhere/cdktf.out",
            Environment = new Dictionary<string, string>(),
        };
        var code = await CommandLine.RunAsync(
            arguments is [] ? ["synth"] : arguments,
            () => workspace,
            TextWriter.Null,
            error,
            TestContext.Current.CancellationToken
        );
        return (code, error.ToString());
    }
}
