using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Helm;

/// <summary>Records that Helm 3.19 wrote on a real cluster (records/, 2026-11-30).</summary>
[Trait("Level", "pure")]
public sealed partial class ReleaseRecordTests
{
    private static readonly string[] s_all =
    [
        "deployed.v1",
        "pending-install.v1",
        "pending-upgrade.v1",
        "pending-upgrade.v2",
        "twice.v1",
        "twice.v2",
    ];

    [Theory]
    [InlineData("deployed.v1", "deployed", 1, "deployed")]
    [InlineData("pending-install.v1", "pending-install", 1, "pending-install")]
    [InlineData("pending-upgrade.v1", "pending-upgrade", 1, "deployed")]
    [InlineData("pending-upgrade.v2", "pending-upgrade", 2, "pending-upgrade")]
    [InlineData("twice.v1", "twice", 1, "superseded")]
    [InlineData("twice.v2", "twice", 2, "deployed")]
    public void Record_has_what_Helm_wrote(string file, string release, int revision, string status)
    {
        var record = Read(file);

        Assert.Equal(("demo", release, revision, status), (record.Namespace, record.Release, record.Revision, record.Status));
        Assert.Equal(new DateOnly(2026, 11, 30), DateOnly.FromDateTime(record.Began!.Value.UtcDateTime));
        Assert.All(record.Manifests, manifest => Assert.Contains("apiVersion", manifest, StringComparison.Ordinal));
    }

    [Fact]
    public void Record_names_the_objects_of_hooks_too()
    {
        var kinds = Read("pending-install.v1").Manifests.Select(manifest => YamlKind().Match(manifest).Groups["kind"].Value);

        Assert.Contains("Job", kinds);
    }

    [Fact]
    public void Record_of_a_failed_operation_is_one_that_Helm_reads()
    {
        var patch = Read("pending-upgrade.v2").AsFailed("why");
        var changed = Json("pending-upgrade.v2");
        changed["metadata"]!["labels"]!["status"] = patch["metadata"]!["labels"]!["status"]!.GetValue<string>();
        changed["data"]!["release"] = patch["data"]!["release"]!.GetValue<string>();

        var record = ReleaseRecord.Read(changed);

        Assert.Equal(("failed", 2, "pending-upgrade"), (record.Status, record.Revision, record.Release));
        Assert.Equal(Read("pending-upgrade.v2").Manifests, record.Manifests);
    }

    [Fact]
    public void Object_that_is_no_record_is_refused()
    {
        var wrong = Json("deployed.v1");
        wrong["data"]!["release"] = "bm90IGd6aXA=";

        var refused = Assert.Throws<PipelineException>(() => ReleaseRecord.Read(wrong));

        Assert.Contains("demo/sh.helm.release.v1.deployed.v1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_interrupted_releases_of_the_stack_are_found()
    {
        var records = new FixedRecords(s_all.Select(Read));

        var stuck = await new StackReleases(Stack("pending-install", "pending-upgrade", "deployed", "twice"), records).FindAsync(
            new HashSet<string>(),
            CancellationToken.None
        );
        var ofAnother = await new StackReleases(Stack("deployed"), records).FindAsync(null, CancellationToken.None);

        Assert.Equal(
            [("pending-install", true), ("pending-upgrade", false)],
            stuck.Select(release => (release.Record.Release, release.IsRemoved))
        );
        Assert.Empty(ofAnother);
    }

    [Fact]
    public async Task Recovery_removes_and_fails_exactly_the_interrupted_ones()
    {
        var records = new FixedRecords(s_all.Select(Read));
        var releases = new StackReleases(Stack("pending-install", "pending-upgrade", "deployed", "twice"), records);

        await releases.RecoverAsync(new HashSet<string>(), CancellationToken.None);

        Assert.Equal(
            ["delete sh.helm.release.v1.pending-install.v1", "fail sh.helm.release.v1.pending-upgrade.v2"],
            records.Calls
        );
    }

    [System.Text.RegularExpressions.GeneratedRegex("kind: (?<kind>[A-Za-z]+)")]
    private static partial System.Text.RegularExpressions.Regex YamlKind();

    private static JsonObject Json(string file) =>
        JsonNode
            .Parse(
                File.ReadAllText(Repository.PathOf("tests", "pipeline", "helm", "records", $"sh.helm.release.v1.{file}.json"))
            )!
            .AsObject();

    private static ReleaseRecord Read(string file) => ReleaseRecord.Read(Json(file));

    private static StackDirectory Stack(params string[] releases) =>
        new(
            "system",
            "",
            new()
            {
                ["resource"] = new JsonObject
                {
                    ["helm_release"] = new JsonObject(
                        releases.Select(name =>
                            KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["name"] = name, ["namespace"] = "demo" })
                        )
                    ),
                },
            }
        );

    private sealed class FixedRecords(IEnumerable<ReleaseRecord> all) : IReleaseRecords
    {
        private readonly List<ReleaseRecord> _all = [.. all];

        public List<string> Calls { get; } = [];

        public Task<IReadOnlyList<ReleaseRecord>> ListAsync(string space, string selector, CancellationToken cancellation)
        {
            Func<ReleaseRecord, bool> matches =
                selector.StartsWith("name=", StringComparison.Ordinal) ? record => record.Release == selector["name=".Length..]
                : selector.StartsWith("status in", StringComparison.Ordinal)
                    ? record => selector.Contains(record.Status, StringComparison.Ordinal)
                : record => selector == $"status={record.Status},version={record.Revision}";
            return Task.FromResult<IReadOnlyList<ReleaseRecord>>([.. _all.Where(matches)]);
        }

        public Task DeleteAsync(ReleaseRecord record, CancellationToken cancellation) => Note("delete", record);

        public Task FailAsync(ReleaseRecord record, string description, CancellationToken cancellation) => Note("fail", record);

        private Task Note(string what, ReleaseRecord record)
        {
            Calls.Add($"{what} {record.Name}");
            return Task.CompletedTask;
        }
    }
}
