using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Plan;

[Trait("Level", "pure")]
public sealed class PlanSecretsTests
{
    private const string Variable = "planted-in-a-variable";
    private const string Known = "planted-in-the-environment";

    // Each place of a plan that can have a secret: the resource or the output, and how the model names the place.
    public static TheoryData<string, string, string> Places =>
        new()
        {
            {
                "sensitive attribute",
                """{"before":{},"after":{"root_password":"planted-x"},"after_sensitive":{"root_password":true}}""",
                "root_password"
            },
            {
                "sensitive attribute that changes",
                """
                    {"before":{"ca":"planted-x"},"after":{"ca":"planted-y"},"before_sensitive":{"ca":true},
                    "after_sensitive":{"ca":true}}
                    """,
                "ca"
            },
            {
                "sensitive before only",
                """{"before":{"ca":"planted-x"},"after":{"ca":null},"before_sensitive":{"ca":true},"after_sensitive":{}}""",
                "ca"
            },
            {
                "nested sensitive",
                """
                    {"before":{},"after":{"disk":[{"size":1},{"root":"planted-x"}]},
                    "after_sensitive":{"disk":[{},{"root":true}]}}
                    """,
                "disk[1].root"
            },
            {
                "whole sensitive block",
                """{"before":{},"after":{"disk":[{"root":"planted-x"}]},"after_sensitive":{"disk":true}}""",
                "disk"
            },
            {
                "set_sensitive of Helm",
                """
                    {"before":{},"after":{"set_sensitive":[{"name":"a.b","value":"planted-x"}]},
                    "after_sensitive":{"set_sensitive":[{"value":true}]}}
                    """,
                "set_sensitive.value"
            },
            {
                "set of Helm with the name of a secret",
                """{"before":{},"after":{"set":[{"name":"db.adminPassword","value":"planted-x"},{"name":"a","value":"b"}]}}""",
                "set[db.adminPassword].value"
            },
            {
                "copy of a sensitive value",
                """
                    {"before":{},"after":{"token_source":"planted-x","note":"planted-x"},
                    "after_sensitive":{"token_source":true}}
                    """,
                "note"
            },
            {
                "copy inside a text",
                """{"before":{},"after":{"source":"planted-x","note":"see planted-x here"},"after_sensitive":{"source":true}}""",
                "note"
            },
            {
                "copy in base64",
                """{"before":{},"after":{"source":"planted-x","note":"BASE64"},"after_sensitive":{"source":true}}""",
                "note"
            },
            {
                "copy in base64 with a name",
                """{"before":{},"after":{"source":"planted-x","note":"LOGIN"},"after_sensitive":{"source":true}}""",
                "note"
            },
            {
                "copy in a list",
                """
                    {"before":{"tags":["a"]},"after":{"source":"planted-x","tags":["a","planted-x"]},
                    "after_sensitive":{"source":true}}
                    """,
                "tags"
            },
            {
                "copy as a name",
                """{"before":{},"after":{"source":"planted-x","labels":{"planted-x":"a"}},"after_sensitive":{"source":true}}""",
                "source"
            },
            {
                "copy as the label of a pool",
                """
                    {"before":{"pool":[{"label":"planted-x","type":"a"},{"label":"b","type":"a"}]},
                    "after":{"source":"planted-x","pool":[{"label":"b","type":"b"}]},
                    "after_sensitive":{"source":true}}
                    """,
                "source"
            },
            {
                "copy in an allow-list",
                """
                    {"before":{"allow_list":[]},"after":{"source":"planted-x","allow_list":["planted-x"]},
                    "after_sensitive":{"source":true}}
                    """,
                "allow_list"
            },
            { "copy of a variable", $$"""{"before":{},"after":{"note":"{{Variable}}"} }""", "note" },
            { "copy of the environment", $$"""{"before":{},"after":{"note":"a {{Known}}"} }""", "note" },
            { "name of a secret", """{"before":{},"after":{"adminPassword":"planted-x"}}""", "adminPassword" },
            { "map with the name of secrets", """{"before":{},"after":{"secrets":{"a":"planted-x"}}}""", "secrets.a" },
            {
                "Helm values in JSON",
                Release("""{"grafana":{"adminPassword":"planted-x"},"other":1}"""),
                "values.grafana.adminPassword"
            },
            {
                "Helm values in YAML",
                """{"before":{},"after":{"values":["grafana:\n  adminPassword: planted-x\nother: 1\n"]}}""",
                "values.grafana.adminPassword"
            },
            {
                "environment of a container",
                Release("""{"env":[{"name":"DB_PASSWORD","value":"planted-x"},{"name":"A","value":"b"}]}"""),
                "values.env[DB_PASSWORD].value"
            },
            {
                "Secret in a release",
                Release("""{"manifests":[{"kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"planted-x"}}]}"""),
                "stringData.a"
            },
            {
                "data of a Secret in a release",
                Release("""{"manifests":[{"kind":"Secret","metadata":{"name":"s"},"data":{"a":"planted-x"}}]}"""),
                "data.a"
            },
            {
                "SealedSecret in a release",
                Release(
                    """
                    {"manifests":[{"kind":"SealedSecret","metadata":{"name":"s"},"spec":{"encryptedData":{"a":"planted-x"}}}]}
                    """
                ),
                "spec.encryptedData.a"
            },
            {
                "JSON in a ConfigMap",
                """{"before":{},"after":{"data":{"a.json":"{\"auth\":\"planted-x\",\"b\":1}"}}}""",
                """data["a.json"].auth"""
            },
            { "address with a password", """{"before":{},"after":{"url":"postgres://a:planted-x@host/db"}}""", "url" },
            { "private key", """{"before":{},"after":{"note":"-----BEGIN PRIVATE KEY-----\nplanted-x"}}""", "note" },
            { "header", """{"before":{},"after":{"headers":{"Authorization":"planted-x"}}}""", "headers.Authorization" },
        };

    [Theory]
    [MemberData(nameof(Places))]
    public void Secret_is_in_no_format(string place, string change, string path)
    {
        var plain = "planted-x";
        change = change
            .Replace("BASE64", Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)), StringComparison.Ordinal)
            .Replace("LOGIN", Convert.ToBase64String(Encoding.UTF8.GetBytes($"ab:{plain}")), StringComparison.Ordinal);
        foreach (var actions in new[] { """["update"]""", """["create"]""", """["delete"]""", """["delete","create"]""" })
        {
            var plan = Plan(change, actions);
            // What is destroyed is what was made before.
            if (actions == """["delete"]""")
                (
                    plan["resource_changes"]![0]!["change"]!["before"],
                    plan["resource_changes"]![0]!["change"]!["before_sensitive"]
                ) = (
                    plan["resource_changes"]![0]!["change"]!["after"]!.DeepClone(),
                    plan["resource_changes"]![0]!["change"]!["after_sensitive"]?.DeepClone()
                );
            var summary = PlanSummary.Of("core", plan, [Known]);

            var formats = Formats(summary).ToList();

            Assert.All(formats, format => Assert.DoesNotContain("planted-", format, StringComparison.Ordinal));
            Assert.All(formats, format => Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(plain)), format));
            // Not hidden by leaving the attribute out.
            if (actions is """["update"]""")
                Assert.True(formats[0].Contains(path, StringComparison.Ordinal), $"{place}: {path} is not shown:\n{formats[0]}");
        }
    }

    [Theory]
    [InlineData("""{"actions":["create"],"before":null,"after":"planted-x","after_sensitive":true}""")]
    [InlineData(
        """{"actions":["update"],"before":"planted-y","after":"planted-x","before_sensitive":true,"after_sensitive":true}"""
    )]
    [InlineData("""{"actions":["delete"],"before":"planted-x","after":null,"before_sensitive":true,"after_sensitive":false}""")]
    [InlineData(
        """{"actions":["create"],"before":null,"after":{"a":[{"b":"planted-x"}]},"after_sensitive":{"a":[{"b":true}]}}"""
    )]
    [InlineData("""{"actions":["create"],"before":null,"after":"planted-in-a-variable","after_sensitive":false}""")]
    public void Secret_output_is_in_no_format(string change)
    {
        var plan = Plan("""{"before":{},"after":{}}""", """["no-op"]""");
        plan["output_changes"] = new JsonObject { ["host"] = JsonNode.Parse(change) };
        var summary = PlanSummary.Of("core", plan, []);

        Assert.Equal("host", Assert.Single(summary.OutputChanges).Path);
        Assert.All(Formats(summary), format => Assert.DoesNotContain("planted-", format, StringComparison.Ordinal));
    }

    [Fact]
    public void Secret_elsewhere_in_the_plan_is_hidden_in_an_attribute()
    {
        foreach (
            var part in new[]
            {
                """
                    {"planned_values":{"root_module":{"resources":[{"values":{"a":"planted-x"},
                    "sensitive_values":{"a":true}}]}}}
                    """,
                """{"planned_values":{"outputs":{"a":{"sensitive":true,"value":"planted-x"}}}}""",
                """
                    {"prior_state":{"values":{"root_module":{"resources":[{"values":{"a":["planted-x"]},
                    "sensitive_values":{"a":true}}]}}}}
                    """,
                """{"resource_drift":[{"change":{"before":{"a":"planted-x"},"before_sensitive":{"a":true}}}]}""",
            }
        )
        {
            var plan = Plan("""{"before":{},"after":{"note":"a planted-x"}}""", """["update"]""");
            foreach (var (name, value) in JsonNode.Parse(part)!.AsObject())
                plan[name] = value!.DeepClone();
            var summary = PlanSummary.Of("core", plan, []);

            Assert.Equal("(sensitive)", Assert.Single(Assert.Single(summary.Changes).Attributes).After!.GetValue<string>());
        }
    }

    [Fact]
    public void Secret_in_an_address_or_a_reason_is_hidden()
    {
        var plan = Plan(
            """{"before":{"source":"planted-x"},"after":{},"before_sensitive":{"source":true}}""",
            """["delete","create"]"""
        );
        var resource = plan["resource_changes"]![0]!;
        resource["address"] = "linode_x.y[\"planted-x\"]";
        resource["action_reason"] = "replace_because_cannot_update";
        resource["change"]!["replace_paths"] = JsonNode.Parse("""[["labels","planted-x"]]""");
        Assert.All(
            Formats(PlanSummary.Of("core", plan, [])),
            format => Assert.DoesNotContain("planted-", format, StringComparison.Ordinal)
        );

        resource["change"]!["actions"] = new JsonArray("teleport");
        var error = Assert.Throws<PipelineException>(() => PlanSummary.Of("core", plan, []));
        Assert.DoesNotContain("planted-", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("automount_service_account_token", "true")]
    [InlineData("secret_name", "\"alert-routes\"")]
    [InlineData("existingSecret", "\"alert-routes\"")]
    [InlineData("data_wo_revision", "2")]
    [InlineData("secretKeyRef", """{"name":"a","key":"b"}""")]
    [InlineData("api_url_file", "\"/etc/a\"")]
    [InlineData("secrets", "\"100\"")]
    [InlineData("passive", "\"yes\"")]
    public void Value_about_a_secret_is_shown(string name, string value)
    {
        var summary = PlanSummary.Of(
            "core",
            Plan($$$"""{"before":{},"after":{"{{{name}}}":{{{value}}} } }""", """["create"]"""),
            []
        );

        Assert.All(Formats(summary), format => Assert.DoesNotContain("(sensitive)", format, StringComparison.Ordinal));
        Assert.NotEmpty(Assert.Single(summary.Changes).Attributes);
    }

    [Theory]
    [InlineData("password", "\"123\"")]
    [InlineData("password", "123")]
    [InlineData("token", "12345")]
    [InlineData("secrets", "\"ab1\"")]
    public void Short_secret_is_hidden(string name, string value) =>
        Assert.Equal(
            "(sensitive)",
            Assert
                .Single(
                    Assert
                        .Single(
                            PlanSummary
                                .Of(
                                    "core",
                                    Plan($$$"""{"before":{},"after":{"{{{name}}}":{{{value}}} } }""", """["create"]"""),
                                    []
                                )
                                .Changes
                        )
                        .Attributes
                )
                .After!.GetValue<string>()
        );

    [Fact]
    public void Changed_secret_is_shown_as_a_change_and_an_equal_one_is_not()
    {
        static PlanSummary Of(string after) =>
            PlanSummary.Of(
                "core",
                Plan(
                    $$$"""
                    {"before":{"a":"planted-x","b":1},"after":{"a":"{{{after}}}","b":2},
                    "before_sensitive":{"a":true},"after_sensitive":{"a":true}}
                    """,
                    """["update"]"""
                ),
                []
            );

        Assert.Equal(["a", "b"], Assert.Single(Of("planted-y").Changes).Attributes.Select(one => one.Path));
        Assert.Equal(["b"], Assert.Single(Of("planted-x").Changes).Attributes.Select(one => one.Path));
    }

    /// <summary>All formats of a summary; the first is the text.</summary>
    private static IEnumerable<string> Formats(PlanSummary summary)
    {
        foreach (var one in new[] { summary, summary.WithoutValues() })
        {
            yield return string.Join('\n', PlanText.Lines(one, 80).Select(line => line.Text));
            yield return PlanMarkdown.Of([one]);
            yield return CommandOutput.ToJson(one)!.ToJsonString();
            yield return one.ToString() + string.Join('\n', one.Changes) + PlanSummary.Ends([one]);
        }
    }

    // A new release with these values.
    private static string Release(string values) =>
        new JsonObject
        {
            ["before"] = new JsonObject(),
            ["after"] = new JsonObject { ["values"] = new JsonArray(values) },
        }.ToJsonString();

    private static JsonObject Plan(string change, string actions)
    {
        var node = JsonNode.Parse(change)!.AsObject();
        node["actions"] = JsonNode.Parse(actions);
        var type = change.Contains("values", StringComparison.Ordinal) ? "helm_release" : "linode_lke_cluster";
        return new()
        {
            ["variables"] = new JsonObject { ["x"] = new JsonObject { ["value"] = Variable } },
            ["configuration"] = JsonNode.Parse("""{"root_module":{"variables":{"x":{"sensitive":true}}}}"""),
            ["resource_changes"] = new JsonArray(
                new JsonObject
                {
                    ["address"] = $"{type}.x",
                    ["mode"] = "managed",
                    ["type"] = type,
                    ["change"] = node,
                }
            ),
        };
    }
}
