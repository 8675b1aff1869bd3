using System.Runtime.Versioning;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>What an apply writes down, and what is read from it when it was killed.</summary>
[Trait("Level", "pure")]
public sealed class ApplyJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Made_is_what_was_completed_and_in_flight_what_was_begun_or_failed()
    {
        var journal = Write(
            Hook("apply_start", "linode_vpc.a", "create"),
            Hook("apply_complete", "linode_vpc.a", "create", "11"),
            Hook("apply_start", "linode_vpc.b", "create"),
            Hook("apply_start", "linode_vpc.c", "create"),
            Hook("apply_errored", "linode_vpc.c", "create"),
            Hook("apply_start", "linode_vpc.d", "update"),
            Hook("apply_start", "linode_vpc.e", "delete"),
            Hook("apply_complete", "linode_vpc.e", "delete"),
            """{"type":"apply_complete","hook":{"resource":{"addr":"linode_vpc.b","resource_"""
        );

        var content = journal.Read();

        Assert.Equal([new("linode_vpc.a", "linode_vpc", "11")], content.Created);
        Assert.Equal(
            [new("linode_vpc.b", "linode_vpc", null), new("linode_vpc.c", "linode_vpc", null, Failed: true)],
            content.InFlight
        );
    }

    [Fact]
    public void What_was_made_and_deleted_again_is_not_made()
    {
        var journal = Write(
            Hook("apply_complete", "linode_vpc.a", "create", "11"),
            Hook("apply_complete", "linode_vpc.a", "delete"),
            Hook("apply_complete", "linode_vpc.b", "delete"),
            Hook("apply_complete", "linode_vpc.b", "create", "12")
        );

        Assert.Equal([new("linode_vpc.b", "linode_vpc", "12")], journal.Read().Created);
    }

    [Fact]
    public void A_stack_with_a_journal_is_not_planned_and_others_are()
    {
        var journals = new ApplyJournals(_directory.Path);
        var journal = journals.Begin("core");

        var refused = Assert.Throws<PipelineException>(() => journals.RequireNone("core"));
        Assert.Contains("Run \"state recover core\" first", refused.Message, StringComparison.Ordinal);
        journals.RequireNone("system");
        Assert.Equal(journal with { Started = journals.Of("core").Single().Started }, journals.Of("core").Single());

        journal.Remove();
        journals.RequireNone("core");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_can_read_it()
    {
        var journal = new ApplyJournals(Path.Combine(_directory.Path, "journals")).Begin("core");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(journal.File));
    }

    [Fact]
    public void Errors_read_as_terraform_writes_them_without_json()
    {
        var error = ApplyEvent.TryParse(
            """
            {"@level":"error","@message":"Error: [400] Account Limit reached.","type":"diagnostic","diagnostic":{"severity":"error","summary":"[400] Account Limit reached.",
            "detail":"Open a ticket.","address":"linode_vpc.a","range":{"filename":"cdk.tf.json","start":{"line":7}},
            "snippet":{"context":"resource.linode_vpc.a","code":"      \"a\": {","start_line":7,"values":[{"traversal":"var.x","statement":"is \"hidden\""}]}}}
            """
        )!;

        Assert.True(error.IsError);
        Assert.Equal(
            """
            Error: [400] Account Limit reached.

              with linode_vpc.a,
              on cdk.tf.json line 7, in resource.linode_vpc.a:
               7:       "a": {

            Open a ticket.

            """,
            error.Text
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("Killed")]
    [InlineData("""{"type":""")]
    [InlineData("""["type"]""")]
    [InlineData("""{"type":7}""")]
    public void A_line_that_is_no_event_is_none(string line) => Assert.Null(ApplyEvent.TryParse(line));

    private ApplyJournal Write(params string[] lines)
    {
        var journal = new ApplyJournals(_directory.Path).Begin("core");
        File.WriteAllLines(journal.File, lines);
        return journal;
    }

    private static string Hook(string type, string address, string action, string? id = null) =>
        $$$"""{"@message":"m","type":"{{{type}}}","hook":{"resource":{"addr":"{{{address}}}","resource_type":"linode_vpc"},"action":"{{{action}}}"{{{(
            id is null ? "" : $",\"id_key\":\"id\",\"id_value\":\"{id}\""
        )}}}}}""";
}
