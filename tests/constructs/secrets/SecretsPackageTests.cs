using System.Text.RegularExpressions;
using InfraCdktf.Environments;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Secrets;

/// <summary>The Secrets that the system environment needs at its start: no plan and no state contains their values.</summary>
[Trait("Level", "synthesized")]
public sealed class SecretsPackageTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Secrets_take_write_only_values_from_ephemeral_variables()
    {
        foreach (var stack in platform.Shipped.Stacks.Values)
        {
            foreach (var secret in stack.Of("kubernetes_secret_v1"))
            {
                Assert.Empty(secret.Body.Select(entry => entry.Key).Intersect(["data", "binary_data"]));
                // If the revision is 0 or missing, the provider stores the live Secret in state (measured).
                var revision = Reference(secret.Body["data_wo_revision"]!.GetValue<string>());
                Assert.Equal(1, stack.Json["variable"]![revision]!["default"]!.GetValue<int>());
                Assert.All(
                    secret.Body["data_wo"]!.AsObject(),
                    entry =>
                    {
                        var variable = stack.Json["variable"]![Reference(entry.Value!.GetValue<string>())]!;
                        Assert.True(variable["ephemeral"]!.GetValue<bool>());
                        Assert.Null(variable["default"]);
                    }
                );
            }
        }
    }

    [Fact]
    public void Secrets_of_system_have_exactly_the_keys_of_the_inventory() =>
        Assert.Equal(
            Inventory
                .Platform.System.Secrets.Select(secret => $"{secret.Name}: {string.Join(' ', secret.Keys.Order(s_byText))}")
                .Order(s_byText),
            platform
                .Shipped.Stacks["system"]
                .Of("kubernetes_secret_v1")
                .Select(secret =>
                    $"{secret.Metadata!["name"]}: "
                    + string.Join(' ', secret.Body["data_wo"]!.AsObject().Select(entry => entry.Key).Order(s_byText))
                )
                .Order(s_byText)
        );

    [Fact]
    public void Keys_of_all_Secrets_have_distinct_variables()
    {
        var used = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_secret_v1")
            .SelectMany(secret =>
                secret.Body["data_wo"]!
                    .AsObject()
                    .Select(entry => entry.Value!.GetValue<string>())
                    .Append(secret.Body["data_wo_revision"]!.GetValue<string>())
            )
            .ToList();
        Assert.NotEmpty(used);
        Assert.Distinct(used);
    }

    [Fact]
    public void Environment_stacks_contain_no_Secret() =>
        Assert.All(
            Inventory.Platform.Applications,
            environment => Assert.Empty(platform.Shipped.Stacks[environment.Name.Text].Of("kubernetes_secret_v1"))
        );

    private static readonly StringComparer s_byText = StringComparer.Ordinal;

    private static string Reference(string expression) => Regex.Match(expression, @"^\$\{var\.(\w+)\}\z").Groups[1].Value;
}
