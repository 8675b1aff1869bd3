using System.Text.RegularExpressions;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>The platform is what the inventory says: more environments, fewer environments, never a special case for one of them.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed partial class ShapeTests(SynthesizedPlatform platform)
{
    [Fact]
    public void A_fifth_environment_is_one_record_and_one_line()
    {
        var output = platform.Synthesize(Platforms.WithQa);
        Assert.Equal(
            platform.Shipped.Stacks.Keys.Append("qa").Order(StringComparer.Ordinal),
            output.Stacks.Keys.Order(StringComparer.Ordinal)
        );
        // It gets all that staging has, and the others stay as they are.
        Assert.Equal(Addresses(output, "staging", "staging"), Addresses(output, "qa", "qa"));
        Assert.Equal(platform.Shipped.Stacks["staging"].Text, output.Stacks["staging"].Text);
        Assert.Equal(platform.Shipped.Stacks["state"].Text, output.Stacks["state"].Text);
        Assert.Contains(output.Stacks["core"].Resources, resource => resource.Name.StartsWith("qa-", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_environments_are_a_platform_too() =>
        Assert.Equal(
            ["core", "production", "state", "system"],
            platform.Synthesize(Platforms.ProductionOnly).Stacks.Keys.Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Names_that_people_choose_never_meet_an_id_of_ours()
    {
        string[] ids = ["main", "segment", "profiles", "datastore", "observability", "namespace"];
        EnvironmentSpec development = Development.Environment;
        var output = platform.Synthesize(
            Inventory.Platform with
            {
                System = Inventory.Platform.System with
                {
                    Secrets =
                    [
                        .. Inventory.Platform.System.Secrets,
                        new("envoy-gateway", ["key"], 90),
                        new("storage", ["key"], 90),
                    ],
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
    public void No_state_address_depends_on_a_position()
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
    public void Every_state_address_is_readable() =>
        // CDKTF's own end in a hash of the path.
        Assert.All(platform.Shipped.Resources, resource => Assert.Matches(@"^[a-z0-9-]+(_[a-z0-9-]+)*\z", resource.Name));

    [Fact]
    public void No_two_constructs_share_an_address()
    {
        // CDKTF merges such resources without a word: each path must come out once, as one resource.
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
    public void No_construct_and_no_stack_asks_which_environment_it_builds()
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
