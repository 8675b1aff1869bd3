using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Namespaces;

/// <summary>The namespaces of accounts: no pod can run there, and no token without an expiry can exist.</summary>
[Trait("Level", "synthesized")]
public sealed class AccessNamespaceTests(SynthesizedPlatform platform)
{
    /// <summary>The names of all environments.</summary>
    public static TheoryData<string> Environments =>
        [.. Inventory.Platform.Environments.Select(environment => environment.Name.Text)];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Access_namespace_allows_no_pod_and_only_system_has_Secrets(string environment)
    {
        var hard = Quota(environment);
        var other = hard.Where(entry => entry.Key is not ("configmaps" or "secrets")).ToList();

        // The three are for tokens of the break-glass account.
        Assert.Equal(environment == Inventory.Platform.System.Name.Text ? "3" : "0", hard["secrets"]!.GetValue<string>());
        Assert.Contains("pods", other.Select(entry => entry.Key));
        Assert.All(other, entry => Assert.Equal("0", entry.Value!.GetValue<string>()));
        // Kubernetes creates kube-root-ca.crt in every namespace.
        Assert.Equal("1", hard["configmaps"]!.GetValue<string>());
    }

    [Fact]
    public void Access_namespace_allows_no_traffic() =>
        Assert.All(
            Inventory.Platform.Environments,
            environment =>
                Assert.Equal(
                    ["default-deny"],
                    platform
                        .Shipped.Stacks["system"]
                        .Of("kubernetes_network_policy_v1")
                        .Where(policy =>
                            policy.Namespace!.Contains($".access_{environment.Name}_space_", StringComparison.Ordinal)
                        )
                        .Select(policy => policy.Metadata!["name"]!.GetValue<string>())
                )
        );

    [Fact]
    public void Account_renews_its_own_token_only()
    {
        var renewals = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_role_v1")
            .Where(role => role.Metadata!["name"]!.GetValue<string>().StartsWith("renew-", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(renewals);
        Assert.All(
            renewals,
            role =>
            {
                var rule = Assert.Single(role.Body["rule"]!.AsArray())!;
                Assert.Equal("""["serviceaccounts/token"]""", rule["resources"]!.ToJsonString());
                Assert.Equal("""["create"]""", rule["verbs"]!.ToJsonString());
                Assert.Equal(
                    role.Metadata!["name"]!.GetValue<string>(),
                    $"renew-{Assert.Single(rule["resource_names"]!.AsArray())!.GetValue<string>()}"
                );
            }
        );
    }

    private JsonObject Quota(string environment) =>
        platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_resource_quota_v1")
            .Single(quota => quota.Name == $"access_{environment}_space_quota")
            .Body["spec"]!["hard"]!.AsObject();
}
