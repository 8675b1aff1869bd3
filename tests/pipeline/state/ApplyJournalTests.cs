using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>The journal of an apply: its content, and what it gives after a kill.</summary>
[Trait("Level", "pure")]
public sealed class ApplyJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Journal_separates_created_objects_from_those_in_flight()
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
            [new("linode_vpc.b", "linode_vpc", null), new("linode_vpc.c", "linode_vpc", null, Failed: true, AnswerLost: true)],
            content.InFlight
        );
    }

    [Fact]
    public void Journal_leaves_out_an_object_that_was_deleted_again()
    {
        var journal = Write(
            Hook("apply_complete", "linode_vpc.a", "create", "11"),
            Hook("apply_start", "linode_vpc.a", "delete", "11"),
            Hook("apply_complete", "linode_vpc.a", "delete"),
            Hook("apply_start", "linode_vpc.b", "delete", "10"),
            Hook("apply_complete", "linode_vpc.b", "delete"),
            Hook("apply_start", "linode_vpc.b", "create"),
            Hook("apply_complete", "linode_vpc.b", "create", "12")
        );

        Assert.Equal([new("linode_vpc.b", "linode_vpc", "12")], journal.Read().Created);
        Assert.True(journal.Read().HasDeleted("linode_vpc.a", "11"));
        Assert.True(journal.Read().HasDeleted("linode_vpc.b", "10"));
    }

    // Measured with Terraform 1.11.4: two operations at one address share one entry. The first end has the action of the last
    // start, and the second end is not written.
    [Fact]
    public void Journal_tells_operations_at_one_address_by_id()
    {
        var overlapping = Write(
            Hook("planned_change", "linode_vpc.a", "replace"),
            Hook("apply_start", "linode_vpc.a", "delete", "9"),
            Hook("apply_start", "linode_vpc.a", "create"),
            Hook("apply_complete", "linode_vpc.a", "create")
        );
        Assert.Equal(["9"], overlapping.Read().Deleted.Select(item => item.Id));
        Assert.Equal([new("linode_vpc.a", "linode_vpc", null, Replaces: true, Shared: true)], overlapping.Read().InFlight);

        var both = Write(
            Hook("apply_start", "linode_vpc.a", "create"),
            Hook("apply_start", "linode_vpc.a", "delete", "9"),
            Hook("apply_complete", "linode_vpc.a", "delete", "12")
        );
        Assert.Equal(["12"], both.Read().Created.Select(item => item.Id));
        Assert.Equal(["9"], both.Read().Changing.Select(item => item.Id));

        var deletes = Write(
            Hook("apply_start", "linode_vpc.a", "delete", "8"),
            Hook("apply_start", "linode_vpc.a", "delete", "9"),
            Hook("apply_complete", "linode_vpc.a", "delete")
        );
        Assert.Empty(deletes.Read().Deleted);
        Assert.Equal(["8", "9"], deletes.Read().Changing.Select(item => item.Id));
    }

    [Fact]
    public void Journal_is_kept_while_any_operation_has_no_end()
    {
        StateObject[] state = [new("linode_vpc.a", "linode_vpc", "11", null), new("linode_vpc.b", "linode_vpc", "10", null)];
        string[] saved = [Hook("apply_start", "linode_vpc.a", "create"), Hook("apply_complete", "linode_vpc.a", "create", "11")];
        Assert.True(Reconciler.IsComplete(Write(saved).Read(), state));
        foreach (
            var open in new[]
            {
                Hook("apply_start", "linode_vpc.b", "create"),
                Hook("apply_start", "linode_vpc.b", "update", "10"),
                Hook("apply_start", "linode_vpc.b", "delete", "10"),
            }
        )
            Assert.False(Reconciler.IsComplete(Write([.. saved, open]).Read(), state));
    }

    [Fact]
    public void State_answers_for_a_failed_create_if_it_was_saved()
    {
        var failed = Write(
                Hook("apply_start", "linode_vpc.a", "create"),
                Hook("apply_errored", "linode_vpc.a", "create"),
                Error("[400] Account Limit reached.", "")
            )
            .Read();
        StateObject tainted = new("linode_vpc.a", "linode_vpc", "11", null) { Tainted = true };

        Assert.Empty(Reconciler.Open(failed, [], ApplyEnding.Ended).InFlight);
        Assert.Single(Reconciler.Open(failed, [], ApplyEnding.Killed).InFlight);
        // Its request may have been sent, and the answer was not waited for.
        Assert.Single(Reconciler.Open(failed, [], ApplyEnding.Interrupted).InFlight);
        Assert.Single(Reconciler.Open(failed, [tainted with { Tainted = false }], ApplyEnding.Interrupted).InFlight);
        Assert.Empty(Reconciler.Open(failed, [tainted], ApplyEnding.Interrupted).InFlight);
    }

    // What the provider, its libraries and the API server write. A refusal says that nothing was made; without an answer, or with
    // one that says that the server failed, the object may exist.
    [Theory]
    [InlineData("[400] Account Limit reached. Please open a support ticket.", false)]
    [InlineData("Failed to create Firewall: [403] Unauthorized", false)]
    [InlineData("[409] [label] Label must be unique", false)]
    [InlineData("[422] a timeout of 90 s is not allowed", false)]
    [InlineData("[429] Too many requests", false)]
    [InlineData("configmaps \"a\" already exists", false)]
    [InlineData("configmaps \"a\" is forbidden: exceeded quota", false)]
    [InlineData("admission webhook \"policy\" denied the request: no", false)]
    [InlineData(
        "Internal error occurred: failed calling webhook \"w\": failed to call webhook: "
            + "Post \"https://w.system.svc:443/validate?timeout=10s\": context deadline exceeded",
        false
    )]
    [InlineData(
        "Internal error occurred: failed calling webhook \"w\": failed to call webhook: "
            + "Post \"https://w.system.svc:443/validate?timeout=10s\": no endpoints available for service \"w\"",
        false
    )]
    [InlineData("Deployment.apps \"a\" is invalid: spec.template.spec.containers[0].timeoutSeconds: must be above 0", false)]
    [InlineData("pods \"a\" is forbidden: ValidatingAdmissionPolicy 'p' denied request: a timeout is missing", false)]
    [InlineData("[002] Post \"https://api.linode.com/v4/vpcs\": dial tcp: lookup api.linode.com: no such host", false)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": dial tcp 192.0.2.1:6443: connect: connection refused", false)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": dial tcp 192.0.2.1:6443: i/o timeout", false)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": x509: certificate signed by unknown authority", false)]
    [InlineData("[002] Post \"https://api.linode.com/v4/vpcs\": read tcp 192.0.2.10:51342: connection reset by peer", true)]
    [InlineData("[002] Post \"https://api.linode.com/v4/vpcs\": EOF", true)]
    [InlineData("read tcp 192.0.2.10:51342->192.0.2.1:443: read: connection reset by peer", true)]
    [InlineData("[408] Request Timeout", true)]
    [InlineData("[500] Internal Server Error", true)]
    [InlineData("[503] Service Unavailable", true)]
    [InlineData("operation error S3: CreateBucket, https response error StatusCode: 503, RequestID: x", true)]
    [InlineData("operation error S3: CreateBucket, https response error StatusCode: 403, RequestID: x", false)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": context deadline exceeded", true)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": net/http: TLS handshake timeout", false)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": http2: client connection lost", true)]
    [InlineData("the server was unable to return a response in the time allotted, but may still be processing", true)]
    [InlineData("Internal error occurred: resource quota evaluation timed out", true)]
    [InlineData("etcdserver: request timed out", true)]
    [InlineData("etcdserver: leader changed", true)]
    [InlineData("an error on the server (\"\") has prevented the request from succeeding (post configmaps)", true)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": stream error: stream ID 7; INTERNAL_ERROR; received from peer", true)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": read tcp 192.0.2.10:5->192.0.2.1:6443: read: no route to host", true)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": local error: tls: bad record MAC", true)]
    [InlineData("Post \"https://192.0.2.1:6443/api\": remote error: tls: handshake failure", false)]
    [InlineData("operation error S3: CreateBucket, https response error StatusCode: 200, deserialization failed", true)]
    [InlineData("operation error S3: CreateBucket, https response error StatusCode: 301, RequestID: x", false)]
    [InlineData("Plugin did not respond", true)]
    public void Failed_create_stays_open_if_its_answer_was_lost(string error, bool isOpen)
    {
        string[] create = [Hook("apply_start", "linode_vpc.a", "create"), Hook("apply_errored", "linode_vpc.a", "create")];
        StateObject tainted = new("linode_vpc.a", "linode_vpc", "11", null) { Tainted = true };

        foreach (var lines in new[] { Error("Failed", error), Error(error, "") })
        {
            var journal = Write([.. create, Error("[500] x", "", "linode_vpc.other"), lines]).Read();
            Assert.Equal(isOpen, Reconciler.Open(journal, [], ApplyEnding.Ended).InFlight.Count == 1);
            // The state has what it left.
            Assert.Empty(Reconciler.Open(journal, [tainted], ApplyEnding.Ended).InFlight);
        }
    }

    [Fact]
    public void Failed_create_without_an_error_of_its_own_stays_open()
    {
        var journal = Write(Hook("apply_start", "linode_vpc.a", "create"), Hook("apply_errored", "linode_vpc.a", "create"));

        Assert.Single(Reconciler.Open(journal.Read(), [], ApplyEnding.Ended).InFlight);
    }

    // Measured with Terraform 1.11.4: after an interrupt it writes the start of what would be next, and halts it.
    [Fact]
    public void Interrupted_apply_never_began_what_has_no_end()
    {
        var halted = Write(
                Hook("apply_start", "linode_vpc.a", "create"),
                Hook("apply_start", "linode_vpc.b", "delete", "10"),
                Hook("apply_start", "linode_vpc.c", "delete", "11"),
                Hook("apply_start", "linode_vpc.c", "create")
            )
            .Read();

        Assert.Empty(Reconciler.Open(halted, [], ApplyEnding.Interrupted).Changing);
        // The journal has only one of two ends at one address.
        Assert.Equal(
            ["linode_vpc.c"],
            Reconciler.Open(halted, [], ApplyEnding.Interrupted).InFlight.Select(item => item.Address)
        );
        Assert.Equal(2, Reconciler.Open(halted, [], ApplyEnding.Killed).InFlight.Count);
    }

    [Fact]
    public void Address_in_the_state_with_another_id_is_no_match()
    {
        var replaced = Write(
                Hook("planned_change", "linode_vpc.a", "replace"),
                Hook("apply_start", "linode_vpc.a", "delete", "10"),
                Hook("apply_complete", "linode_vpc.a", "delete"),
                Hook("apply_start", "linode_vpc.a", "create"),
                Hook("apply_complete", "linode_vpc.a", "create", "12")
            )
            .Read();
        StateObject[] stale = [new("linode_vpc.a", "linode_vpc", "10", null)];
        Assert.False(Reconciler.IsComplete(replaced, stale));
        Assert.Equal([Standing.Missing], Reconciler.Compare(replaced, stale, ids: null).Select(item => item.Standing));
    }

    [Fact]
    public void Journals_block_only_the_stack_of_the_killed_apply()
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
    public void Journal_file_is_readable_only_by_its_owner()
    {
        var journal = new ApplyJournals(Path.Combine(_directory.Path, "journals")).Begin("core");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(journal.File));
    }

    [Fact]
    public void Event_text_is_Terraforms_error_text_without_json()
    {
        var error = ApplyEvent.TryParse(
            """
            {"@level":"error","@message":"Error: [400] Account Limit reached.","type":"diagnostic",
            "diagnostic":{"severity":"error","summary":"[400] Account Limit reached.",
            "detail":"Open a ticket.","address":"linode_vpc.a","range":{"filename":"cdk.tf.json","start":{"line":7}},
            "snippet":{"context":"resource.linode_vpc.a","code":"      \"a\": {","start_line":7,
            "values":[{"traversal":"var.x","statement":"is \"hidden\""}]}}}
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
    public void Event_parser_returns_null_for_a_line_that_is_no_event(string line) => Assert.Null(ApplyEvent.TryParse(line));

    private ApplyJournal Write(params string[] lines)
    {
        var journal = new ApplyJournals(_directory.Path).Begin("core");
        File.WriteAllLines(journal.File, lines);
        return journal;
    }

    private static string Error(string summary, string detail, string address = "linode_vpc.a") =>
        new JsonObject
        {
            ["type"] = "diagnostic",
            ["diagnostic"] = new JsonObject
            {
                ["severity"] = "error",
                ["summary"] = summary,
                ["detail"] = detail,
                ["address"] = address,
            },
        }.ToJsonString();

    private static string Hook(string type, string address, string action, string? id = null)
    {
        var resource = $$"""{"addr":"{{address}}","resource_type":"linode_vpc"}""";
        var identity = id is null ? "" : $",\"id_key\":\"id\",\"id_value\":\"{id}\"";
        var hook = $$"""{"resource":{{resource}},"action":"{{action}}"{{identity}}}""";
        var about = type == "planned_change" ? "change" : "hook";
        return $$"""{"@message":"m","type":"{{type}}","{{about}}":{{hook}}}""";
    }
}
