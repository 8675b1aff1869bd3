using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Tests.Pipeline.Terraform;

[Trait("Level", "pure")]
public sealed class StackVariablesTests
{
    private static readonly StackDirectory s_stack = new(
        "development",
        "/nowhere",
        JsonNode
            .Parse(
                """
                {"variable":{
                  "host":{"type":"string","default":"placeholder"},
                  "ports":{"type":"list(number)","default":[]},
                  "revision":{"type":"number","default":1},
                  "password":{"type":"string","ephemeral":true}}}
                """
            )!
            .AsObject()
    );

    private static readonly HashSet<string> s_coreDeclares = ["host", "ports", "other"];

    [Fact]
    public void Environment_has_only_declared_variables()
    {
        var environment = Choose(
            Placeholders.Refused,
            new()
            {
                ["host"] = "db",
                ["ports"] = new JsonArray(1, 2),
                ["other"] = "x",
            },
            new()
            {
                ["PATH"] = "/bin",
                ["TF_VAR_password"] = "p",
                ["TF_VAR_of_another_stack"] = "secret",
                ["STATE_KEY_CORE"] = "secret",
                ["ARCHIVE_SECRET_ACCESS_KEY"] = "secret",
            }
        );

        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["AWS_CONFIG_FILE"] = "/dev/null",
                ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required",
                ["AWS_RESPONSE_CHECKSUM_VALIDATION"] = "when_required",
                ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
                ["GOGC"] = "400",
                ["PATH"] = "/bin",
                ["TF_VAR_host"] = "db",
                ["TF_VAR_password"] = "p",
                ["TF_VAR_ports"] = "[1,2]",
                ["TF_WORKSPACE"] = "default",
            },
            new SortedDictionary<string, string>(environment.ToDictionary())
        );
    }

    [Fact]
    public void Environment_prefers_the_callers_value_over_core() =>
        Assert.Equal(
            "mine",
            Choose(Placeholders.Allowed, new() { ["host"] = "core's" }, new() { ["TF_VAR_host"] = "mine" })["TF_VAR_host"]
        );

    [Fact]
    public void Environment_never_takes_a_secret_from_core() =>
        Assert.NotEqual("leaked", Choose(Placeholders.Allowed, new() { ["password"] = "leaked" }, [])["TF_VAR_password"]);

    [Fact]
    public void Environment_of_a_plan_needs_no_values()
    {
        var environment = Choose(Placeholders.Allowed, [], []);

        Assert.Equal(["TF_VAR_password"], environment.Keys.Where(name => name.StartsWith("TF_VAR_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Environment_of_a_drift_check_needs_core_but_no_secret()
    {
        var error = Assert.Throws<PipelineException>(() => Choose(Placeholders.ForSecrets, new() { ["host"] = "db" }, []));

        Assert.Contains("ports: an output of core", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("revision", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Environment_of_a_deploy_lists_every_missing_value()
    {
        var error = Assert.Throws<PipelineException>(() => Choose(Placeholders.Refused, [], []));

        Assert.Equal(
            """
            stack development: 3 variable(s) have no value but a placeholder:
              host: an output of core; run "deploy core" here first, or set TF_VAR_host
              ports: an output of core; run "deploy core" here first, or set TF_VAR_ports
              password: a secret; set TF_VAR_password in the environment
            """,
            error.Message
        );
    }

    private static IReadOnlyDictionary<string, string> Choose(
        Placeholders placeholders,
        Dictionary<string, JsonNode?> core,
        Dictionary<string, string> caller
    ) => StackVariables.Environment(s_stack, s_coreDeclares, core, caller, placeholders);
}
