using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Sandbox.Clouds.Kubernetes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>
/// A pipeline has ConfigMaps, and so Helm's records of releases, in the namespaces of its own environment only; and it can still
/// create, read and destroy its whole stack.
/// </summary>
[Trait("Level", "synthesized")]
public sealed class PipelineConfigMapsTests(SynthesizedPlatform platform)
{
    private static readonly string[] s_write = ["create", "delete", "get", "list", "patch", "update", "watch"];

    private static readonly Dictionary<string, PlatformSpec> s_platforms = new()
    {
        ["shipped"] = Inventory.Platform,
        ["standard"] = Platforms.StandardTier,
        ["teams"] = AccessTests.AllProfiles,
    };

    public static TheoryData<string> All => [.. s_platforms.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void Pipeline_has_ConfigMaps_of_its_own_environment_only(string name)
    {
        var inventory = s_platforms[name];
        var rights = SynthesizedRights.Read(platform.Of(inventory).Folder);
        string?[] others = [null, "default", "kube-system", "kube-public", "somebody-elses"];
        var spaces = inventory
            .Environments.SelectMany(environment => environment.Namespaces.Append(environment.AccessNamespace))
            .Concat(others);
        foreach (var environment in inventory.Applications)
        foreach (var space in spaces)
        {
            var own = space is not null && environment.Namespaces.Contains(space);
            Assert.Equal(own ? ["get", "list"] : [], Verbs(AccountNames.Plan(environment), space));
            Assert.Equal(own ? s_write : [], Verbs(AccountNames.Apply(environment), space));
        }

        IEnumerable<string> Verbs(string account, string? space) =>
            s_write
                .Append("deletecollection")
                .Where(verb =>
                    rights.Allows(
                        AccountNames.UserName(inventory.System.AccessNamespace, account),
                        new(verb, "", "configmaps") { Namespace = space }
                    )
                );
    }

    /// <summary>
    /// Terraform creates a resource after all that it depends on, and destroys it before them. So each resource must be possible
    /// with the rights that its dependencies give.
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Pipeline_creates_and_destroys_with_what_exists_then(string name)
    {
        var inventory = s_platforms[name];
        var output = platform.Of(inventory);
        foreach (var environment in inventory.Applications)
            Assert.Empty(Missing(output, output.Stacks[environment.Name.Text], environment));
    }

    /// <summary>The check above is not blind: without <c>depends_on</c> the rights to ConfigMaps are missing.</summary>
    [Fact]
    public void Missing_dependency_on_the_bindings_is_found()
    {
        var environment = Inventory.Platform.Applications[0];
        var shipped = platform.Shipped.Stacks[environment.Name.Text];
        var json = shipped.Json.DeepClone().AsObject();
        foreach (var resource in json["resource"]!.AsObject().SelectMany(type => type.Value!.AsObject()))
            resource.Value!.AsObject().Remove("depends_on");

        var missing = Missing(platform.Shipped, new SynthesizedStack(shipped.Name, json.ToJsonString()), environment);

        Assert.Equal(["configmaps"], missing.Select(request => request.Resource).Distinct());
    }

    private static List<AccessRequest> Missing(
        SynthesizedOutput output,
        SynthesizedStack stack,
        ApplicationEnvironmentSpec environment
    ) =>
        [
            .. stack.Resources.SelectMany(resource =>
            {
                var rights = Rights(output, stack, Dependencies(stack, resource));
                var user = AccountNames.UserName(Inventory.Platform.System.AccessNamespace, AccountNames.Apply(environment));
                return Needed(stack, resource, s_write.Except(["watch"])).Where(request => !rights.Allows(user, request));
            }),
        ];

    /// <summary>A plan, and the drift check, read every object of the stack, and the records of its releases.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Plan_account_reads_every_object_of_its_stack(string name)
    {
        var inventory = s_platforms[name];
        var output = platform.Of(inventory);
        var rights = SynthesizedRights.Read(output.Folder);
        foreach (var environment in inventory.Applications)
        {
            var stack = output.Stacks[environment.Name.Text];
            var user = AccountNames.UserName(inventory.System.AccessNamespace, AccountNames.Plan(environment));
            foreach (var resource in stack.Resources)
                Assert.DoesNotContain(Needed(stack, resource, ["get", "list"]), request => !rights.Allows(user, request));
        }
    }

    // The rights when only these resources of the stack exist.
    private static AccessRights Rights(SynthesizedOutput output, SynthesizedStack stack, IReadOnlySet<string> existing)
    {
        var part = stack.Json.DeepClone().AsObject();
        foreach (var resource in stack.Resources.Where(resource => !existing.Contains(resource.Address)))
            part["resource"]![resource.Type]!.AsObject().Remove(resource.Name);
        return SynthesizedRights.Parse(
            new Dictionary<string, JsonObject> { ["system"] = output.Stacks["system"].Json, [stack.Name] = part }
        );
    }

    private static HashSet<string> Dependencies(SynthesizedStack stack, SynthesizedResource resource)
    {
        var found = new HashSet<string>();
        var open = new Queue<SynthesizedResource>([resource]);
        while (open.TryDequeue(out var one))
        {
            var text = one.Body.ToJsonString();
            var named = one.Body["depends_on"]?.AsArray().Select(item => item!.GetValue<string>()).ToHashSet() ?? [];
            foreach (
                var other in stack.Resources.Where(other =>
                    named.Contains(other.Address) || text.Contains($"${{{other.Address}.", StringComparison.Ordinal)
                )
            )
                if (found.Add(other.Address))
                    open.Enqueue(other);
        }
        return found;
    }

    private static IEnumerable<AccessRequest> Needed(
        SynthesizedStack stack,
        SynthesizedResource resource,
        IEnumerable<string> verbs
    )
    {
        var space = Namespace(stack, resource);
        var kinds =
            resource.Type == "helm_release"
                // The objects of the chart, and Helm's records.
                ? resource.HelmValues["manifests"]!
                    .AsArray()
                    .Select(manifest => ShippedRolesTests.KindOf(manifest!.AsObject()))
                    .Append(new Kind("configmaps", ""))
                : [Kind.Of(resource.Type.Replace("_default_", "_", StringComparison.Ordinal))];
        return from kind in kinds
            from verb in verbs
            select new AccessRequest(verb, kind.Group, kind.Plural) { Namespace = space };
    }

    // The reference to a namespace's resource, resolved.
    private static string? Namespace(SynthesizedStack stack, SynthesizedResource resource) =>
        resource.Namespace is { } text && text.StartsWith("${", StringComparison.Ordinal)
            ? stack.Resources.Single(other => text.StartsWith($"${{{other.Address}.", StringComparison.Ordinal)).Metadata![
                "name"
            ]!.GetValue<string>()
            : resource.Namespace;
}
