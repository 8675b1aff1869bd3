using System.Diagnostics;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Cli;

/// <summary>What commands print on terminals of three widths. The other screens are in the tests of their commands.</summary>
[Trait("Level", "pure")]
public sealed class ScreenTests
{
    private static readonly Manifest s_manifest = new()
    {
        Stack = "development",
        Version = "42-0a1b2c3d",
        Serial = 42,
        Lineage = "6f1f2a30-0000-0000-0000-000000000000",
        TerraformVersion = "1.14.9",
        Providers = new Dictionary<string, string>(),
        ToolVersion = "1.0.0",
        Commit = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567-dirty",
        Actor = "a-person-with-a-long-name",
        Started = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        DurationSeconds = 12.3,
        Outcome = ApplyOutcome.RolledBack,
        Resources = 123,
        Parts = new Dictionary<string, ArchivePart> { ["state"] = new("00", 4711) },
        KeyFingerprint = "00",
    };

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void Archive_list_loses_nothing_on_a_narrow_terminal(int width)
    {
        var text = new StringWriter();
        using (var output = new CommandOutput(text, TextWriter.Null, json: false, file: null, width))
            ArchiveListCommand.Write(output, [s_manifest, s_manifest with { Version = "41-9f8e7d6c", Commit = null }]);

        Golden.Match($"{text}", "tests", "snapshots", "screens", $"archive-list-{width}.txt");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Doctor_without_a_network_ends_within_ten_seconds(int width)
    {
        using var directory = new TemporaryDirectory();
        // Nothing listens on port 1.
        const string nowhere = "http://127.0.0.1:1";
        var workspace = new Workspace
        {
            Platform = Inventory.Platform,
            Synthesize = (_, _) => throw new InvalidOperationException("Nothing may be synthesized here."),
            Directory = directory.Path,
            Output = Path.Combine(directory.Path, "cdktf.out"),
            Environment = new Dictionary<string, string>
            {
                ["AWS_ACCESS_KEY_ID"] = "id",
                ["AWS_SECRET_ACCESS_KEY"] = "secret",
                [BucketAddress.EndpointVariable] = nowhere,
                [BucketAddress.RedirectVariable] = BucketAddress.Redirect(nowhere),
                [StateKeys.VariableOf("core")] = StateKey.Generate().Base64,
            },
        };
        var clock = Stopwatch.StartNew();
        var text = new StringWriter();
        var code = await CommandLine.RunAsync(["state", "doctor"], () => workspace, text, TextWriter.Null, width: width);

        Assert.Equal(ExitCode.Failed, code);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.Contains("\n?      store: http://127.0.0.1:1/ does not answer: ", $"{text}", StringComparison.Ordinal);
        Golden.Match($"{text}", "tests", "snapshots", "screens", $"state-doctor-{width}.txt");
    }
}
