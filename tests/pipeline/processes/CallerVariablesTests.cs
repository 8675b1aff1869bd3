using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Processes;

/// <summary>Which variables of the caller reach Terraform, kubectl and git.</summary>
[Trait("Level", "pure")]
public sealed class CallerVariablesTests : IDisposable
{
    private const string Given = "given";

    private readonly TemporaryDirectory _checkout = new();

    [Theory]
    [MemberData(nameof(VariableTable.Rows), MemberType = typeof(VariableTable))]
    public void Variable_of_the_table_reaches_Terraform_as_it_says(string name, Reaches reaches, string why)
    {
        Assert.NotEmpty(why);
        var caller = new Dictionary<string, string> { [name] = Given };
        if (reaches == Reaches.Refused)
        {
            var error = Assert.Throws<UsageException>(() => CallerVariables.Require(_checkout.Path, caller));
            Assert.StartsWith($"{name}: set in your environment; allowed: ", error.Message, StringComparison.Ordinal);
            Assert.Contains($"unset {name}\"", error.Message, StringComparison.Ordinal);
            return;
        }
        var lines = CallerVariables.Require(_checkout.Path, caller);
        var terraform = CallerVariables.ForTerraform(caller);
        switch (reaches)
        {
            case Reaches.Terraform:
                Assert.Equal(Given, terraform[name]);
                Assert.Empty(lines);
                break;
            case Reaches.OwnValue:
                Assert.NotEqual(Given, terraform.GetValueOrDefault(name));
                Assert.Empty(lines);
                break;
            case Reaches.Named:
                Assert.DoesNotContain(name, terraform.Keys);
                Assert.StartsWith($"{name} is not passed to Terraform. ", Assert.Single(lines), StringComparison.Ordinal);
                break;
            case Reaches.Nothing:
                Assert.DoesNotContain(name, terraform.Keys);
                Assert.Empty(lines);
                break;
        }
    }

    [Fact]
    public void Table_has_each_variable_once() =>
        Assert.Equal(VariableTable.Names.Distinct(StringComparer.Ordinal), VariableTable.Names);

    [Fact]
    public void Table_has_a_row_for_every_rule() =>
        Assert.All(
            CallerVariables.Rules,
            rule => Assert.Contains(VariableTable.Names, name => CallerVariables.RuleOf(name) == rule)
        );

    [Fact]
    public void Rules_name_each_variable_once() =>
        Assert.All(
            CallerVariables.Rules,
            rule => Assert.Single(CallerVariables.Rules, other => other.Name == rule.Name && other.Reason.Length > 0)
        );

    [Fact]
    public void Refusal_names_every_variable_without_its_value()
    {
        var error = Assert.Throws<UsageException>(() =>
            CallerVariables.Require(
                _checkout.Path,
                new Dictionary<string, string> { ["TF_DATA_DIR"] = "/secret", ["TF_CLI_ARGS_plan"] = "-var=password=secret" }
            )
        );

        Assert.Equal(
            [
                "TF_CLI_ARGS_plan: set in your environment; allowed: not set. It adds arguments to Terraform's commands, so a "
                    + "plan, an apply or a drift check would not do what this program reports.",
                "TF_DATA_DIR: set in your environment; allowed: not set. Terraform would use the providers and the backend of "
                    + "another directory. This program selects it.",
                "Nothing was done. Run \"unset TF_CLI_ARGS_plan TF_DATA_DIR\", then the command again.",
            ],
            error.Message.Split('\n')
        );
    }

    [Fact]
    public void Workspace_default_is_accepted() =>
        Assert.Empty(CallerVariables.Require(_checkout.Path, new Dictionary<string, string> { ["TF_WORKSPACE"] = "default" }));

    [Theory]
    [InlineData("https://s3.example.com", true)]
    [InlineData("http://127.0.0.1:9000/", false)]
    public void Redirected_backend_is_refused_outside_this_machine_or_alone(string endpoint, bool both)
    {
        var caller = new Dictionary<string, string> { [BucketAddress.RedirectVariable] = BucketAddress.Redirect(endpoint) };
        if (both)
            caller[BucketAddress.EndpointVariable] = endpoint;

        Assert.Throws<UsageException>(() => CallerVariables.Require(_checkout.Path, caller));
    }

    [Fact]
    public void Redirected_backend_is_accepted_on_this_machine()
    {
        var caller = new Dictionary<string, string>
        {
            [BucketAddress.RedirectVariable] = BucketAddress.Redirect("http://127.0.0.1:9000/"),
            [BucketAddress.EndpointVariable] = "http://127.0.0.1:9000/",
        };

        Assert.Empty(CallerVariables.Require(_checkout.Path, caller));
        Assert.Equal(
            caller[BucketAddress.RedirectVariable],
            CallerVariables.ForTerraform(caller)[BucketAddress.RedirectVariable]
        );
    }

    [Fact]
    public void Kubectl_gets_no_state_key_and_no_token()
    {
        var kubectl = CallerVariables.ForKubectl(Everything);

        Assert.Equal(Given, kubectl["KUBECONFIG"]);
        Assert.Equal(Given, kubectl["PATH"]);
        Assert.DoesNotContain(kubectl.Keys, IsSecret);
    }

    [Fact]
    public void Git_gets_no_state_key_and_no_token()
    {
        var git = CallerVariables.ForPrograms(Everything);

        Assert.Equal(Given, git["PATH"]);
        Assert.DoesNotContain("KUBECONFIG", git.Keys);
        Assert.DoesNotContain(git.Keys, IsSecret);
    }

    [Fact]
    public void Kubectl_uses_the_kubeconfig_of_Terraform_without_its_own() =>
        Assert.Equal(
            "/cluster",
            CallerVariables.ForKubectl(new Dictionary<string, string> { ["KUBE_CONFIG_PATH"] = "/cluster" })["KUBECONFIG"]
        );

    public void Dispose() => _checkout.Dispose();

    private static Dictionary<string, string> Everything =>
        VariableTable
            .Names.Concat(["STATE_KEY_CORE", "STATE_KEY_CORE_PREVIOUS", "ARCHIVE_SECRET_ACCESS_KEY", "PLAN_SECRET_ACCESS_KEY"])
            .Concat(["GITHUB_TOKEN"])
            .ToDictionary(name => name, _ => Given, StringComparer.Ordinal);

    private static bool IsSecret(string name) =>
        name.Contains("KEY", StringComparison.Ordinal)
        || name.Contains("TOKEN", StringComparison.Ordinal)
        || name.StartsWith("TF_", StringComparison.Ordinal)
        || name.StartsWith("AWS_", StringComparison.Ordinal);
}
