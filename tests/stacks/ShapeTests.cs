using System.Text.RegularExpressions;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>The inventory defines the platform: more or fewer environments, without a special case for one of them.</summary>
[Trait("Level", "synthesized")]
public sealed partial class ShapeTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Fifth_environment_adds_one_stack_and_keeps_the_others()
    {
        var output = platform.Of(Platforms.WithQa);
        Assert.Equal(
            platform.Shipped.Stacks.Keys.Append("qa").Order(StringComparer.Ordinal),
            output.Stacks.Keys.Order(StringComparer.Ordinal)
        );
        // The stack of qa has the same objects as staging; staging and state do not change.
        Assert.Equal(Addresses(output, "staging", "staging"), Addresses(output, "qa", "qa"));
        Assert.Equal(platform.Shipped.Stacks["staging"].Text, output.Stacks["staging"].Text);
        Assert.Equal(platform.Shipped.Stacks["state"].Text, output.Stacks["state"].Text);
        Assert.Contains(output.Stacks["core"].Resources, resource => resource.Name.StartsWith("qa-", StringComparison.Ordinal));
    }

    [Fact]
    public void Platform_with_two_environments_has_four_stacks() =>
        Assert.Equal(
            ["core", "production", "state", "system"],
            platform.Of(Platforms.ProductionOnly).Stacks.Keys.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Inventory_names_do_not_collide_with_construct_ids()
    {
        string[] ids = ["main", "segment", "profiles", "datastore", "observability", "namespace"];
        var development = Development.Environment;
        var output = platform.Synthesize(
            Inventory.Platform with
            {
                System = Inventory.Platform.System with
                {
                    Secrets = [.. Inventory.Platform.System.Secrets, new("envoy-gateway", ["key"]), new("storage", ["key"])],
                },
                Applications =
                [
                    development with
                    {
                        Name = "observability",
                        Quota = development.Quota with { RequestsCpu = "6", RequestsMemory = "8Gi", Pods = 70 },
                        Teams = [.. ids.Select(id => new TeamNamespace(id, "#team"))],
                        Access = [.. ids.Append("account").Select(id => new AccessGrant(id, AccessProfile.Viewer))],
                    },
                    Staging.Environment with
                    {
                        Name = "nodes",
                        Exposure = new("nodes"),
                    },
                ],
            }
        );
        Assert.Equal(1 + ids.Length, output.Stacks["observability"].Of("kubernetes_namespace_v1").Count());
        Assert.Equal(4, output.Stacks["system"].Of("kubernetes_secret_v1").Count());
    }

    [Fact]
    public void State_addresses_do_not_depend_on_the_inventory_order()
    {
        var reversed = platform.Synthesize(
            Inventory.Platform with
            {
                Applications = [.. Inventory.Platform.Applications.Reverse()],
            }
        );
        Assert.Equal(
            platform.Shipped.Resources.Select(Address).Order(StringComparer.Ordinal),
            reversed.Resources.Select(Address).Order(StringComparer.Ordinal)
        );

        static string Address(SynthesizedResource resource) => $"{resource.Stack} {resource.Address}";
    }

    [Fact]
    public void State_addresses_are_readable() =>
        // The default names of CDKTF end with a hash of the path.
        Assert.All(platform.Shipped.Resources, resource => Assert.Matches(@"^[a-z0-9-]+(_[a-z0-9-]+)*\z", resource.Name));

    [Fact]
    public void Constructs_have_distinct_addresses()
    {
        // CDKTF merges resources with the same address and reports no error: each path must appear once, as one resource.
        foreach (var stack in platform.Shipped.Stacks.Values)
        {
            var paths = ConstructPath().Matches(stack.Text).Select(match => match.Groups[1].Value).ToList();
            Assert.Equal(paths.Count, paths.Distinct().Count());
            Assert.All(
                stack.Resources,
                resource =>
                    Assert.Equal(
                        $"{stack.Name}/{resource.Name.Replace('_', '/')}",
                        resource.Body["//"]!["metadata"]!["path"]!.GetValue<string>()
                    )
            );
        }
    }

    [Fact]
    public void Constructs_and_stacks_do_not_name_an_environment()
    {
        var names = Inventory.Platform.Environments.Select(environment => $"\"{environment.Name}\"").ToList();
        var branching = new[] { "constructs", "stacks" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => names.Any(File.ReadAllText(file).Contains));
        Assert.Empty(branching);
    }

    private static List<string> Addresses(SynthesizedOutput output, string stack, string environment) =>
        [
            .. output
                .Stacks[stack]
                .Resources.Select(resource => resource.Address.Replace(environment, "E", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex("\"path\": \"([^\"]+)\"")]
    private static partial Regex ConstructPath();
}
