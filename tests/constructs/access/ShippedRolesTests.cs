using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Sandbox.Clouds.Kubernetes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>Rules for every role and account of the shipped platform.</summary>
[Trait("Level", "synthesized")]
public sealed class ShippedRolesTests(SynthesizedPlatform platform)
{
    private static readonly string[] s_granted =
    [
        "profile-deployer",
        "profile-developer",
        "profile-operator",
        "profile-restarter",
        "profile-viewer",
    ];

    private AccessRights Rights => SynthesizedRights.Read(platform.Shipped.Folder);

    private IEnumerable<(Role Role, RoleRule Rule)> Rules =>
        Rights.Roles.SelectMany(role => role.Rules.Select(rule => (role, rule)));

    [Fact]
    public void Roles_have_no_wildcard()
    {
        Assert.NotEmpty(Rules);
        Assert.DoesNotContain(
            Rules,
            one =>
                one.Rule.Groups.Concat(one.Rule.Resources)
                    .Concat(one.Rule.Verbs)
                    .Concat(one.Rule.Names)
                    .Any(text => text.Contains('*', StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("escalate")]
    [InlineData("impersonate")]
    public void Roles_do_not_grant_the_verb(string verb) => Assert.DoesNotContain(Rules, one => one.Rule.Verbs.Contains(verb));

    [Fact]
    public void Only_apply_accounts_bind_and_only_named_roles()
    {
        var binding = Rules.Where(one => one.Rule.Verbs.Contains("bind")).ToList();
        Assert.Equal(
            Inventory.Platform.Applications.Select(environment => $"pipeline-apply-{environment.Name}").Order(),
            binding.Select(one => one.Role.Name).Order()
        );
        Assert.All(
            binding,
            one =>
            {
                Assert.Equal(["bind"], one.Rule.Verbs);
                Assert.Equal(["clusterroles"], one.Rule.Resources);
                Assert.Equal(
                    s_granted.Concat(["pipeline-configmaps-apply", "pipeline-configmaps-plan"]).Order(),
                    one.Rule.Names.Order()
                );
            }
        );
    }

    [Theory]
    [InlineData("secrets", "profile-platform-admin")]
    [InlineData("pods/exec", "profile-developer", "profile-operator", "profile-platform-admin")]
    [InlineData("pods/portforward", "profile-developer", "profile-operator", "profile-platform-admin")]
    public void Sensitive_resource_is_granted_to_these_profiles_only(string resource, params string[] profiles) =>
        Assert.Equal(
            profiles,
            Rules.Where(one => one.Rule.Resources.Contains(resource)).Select(one => one.Role.Name).Distinct().Order()
        );

    [Fact]
    public void Only_pipeline_break_glass_and_Grafana_have_cluster_rights() =>
        Assert.Equal(
            Inventory
                .Platform.Applications.SelectMany(environment =>
                    new[] { AccountNames.Plan(environment), AccountNames.Apply(environment) }
                )
                .Append(AccountNames.BreakGlass)
                .Select(name => AccountNames.UserName("system-access", name))
                .Append(AccountNames.UserName("system", "grafana"))
                .Order(StringComparer.Ordinal),
            Rights.Grants.Where(grant => grant.Namespace is null).Select(grant => grant.Subject).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Break_glass_profile_includes_every_grantable_right()
    {
        var admin = Rights.Roles.Single(role => role.Name == "profile-platform-admin");
        var missing = Rules
            .Where(one => s_granted.Contains(one.Role.Name))
            .SelectMany(one => Requests(one.Rule))
            .Where(request => !admin.Rules.Any(rule => rule.Allows(request)));
        Assert.Empty(missing);
    }

    [Fact]
    public void Accounts_are_in_namespaces_where_no_pod_can_run()
    {
        Assert.NotEmpty(Rights.Accounts);
        Assert.All(Rights.Accounts, user => Assert.EndsWith("-access", user.Split(':')[2], StringComparison.Ordinal));
        foreach (var environment in Inventory.Platform.Environments)
            Assert.Equal(
                environment.Access.Select(grant => grant.Name).Order(StringComparer.Ordinal),
                Rights
                    .Accounts.Select(user => user.Split(':'))
                    .Where(user => user[2] == environment.AccessNamespace && !AccountNames.IsReserved(user[3]))
                    .Select(user => user[3])
                    .Order(StringComparer.Ordinal)
            );
        var spaces = platform
            .Shipped.Stacks["system"]
            .Of("kubernetes_resource_quota_v1")
            .Where(quota => quota.Name.StartsWith("access_", StringComparison.Ordinal))
            .ToDictionary(quota => quota.Name, quota => quota.Body["spec"]!["hard"]!.AsObject());
        Assert.Equal(Inventory.Platform.Environments.Count(), spaces.Count);
        foreach (var (name, hard) in spaces)
        {
            // Kubernetes creates one ConfigMap in every namespace. A break-glass token is bound to a Secret.
            var allowed = hard.Where(entry => entry.Value!.GetValue<string>() != "0").Select(entry => entry.Key).Order();
            Assert.Equal(name == "access_system_space_quota" ? ["configmaps", "secrets"] : ["configmaps"], allowed);
            Assert.Contains("pods", hard.Select(entry => entry.Key));
        }
    }

    [Fact]
    public void Accounts_including_default_do_not_mount_their_token()
    {
        string[] types = ["kubernetes_service_account_v1", "kubernetes_default_service_account_v1"];
        var accounts = platform.Shipped.Resources.Where(resource => types.Contains(resource.Type)).ToList();
        Assert.All(accounts, account => Assert.False(account.Body["automount_service_account_token"]!.GetValue<bool>()));
        foreach (var space in platform.Shipped.Resources.Where(resource => resource.Type == "kubernetes_namespace_v1"))
            Assert.Single(
                accounts,
                account =>
                    account.Stack == space.Stack
                    && account.Type == "kubernetes_default_service_account_v1"
                    && account.Namespace == $"${{{space.Address}.metadata[0].name}}"
            );
    }

    [Fact]
    public void Pipeline_has_rights_to_exactly_the_kinds_in_its_stack()
    {
        foreach (var environment in Inventory.Platform.Applications)
        {
            var stack = platform.Shipped.Stacks[environment.Name.Text];
            var kinds = stack
                .Resources.Where(resource => resource.Type != "helm_release")
                .Select(resource => Kind.Of(resource.Type.Replace("_default_", "_", StringComparison.Ordinal)).ToString())
                .Concat(stack.Manifests.Select(manifest => KindOf(manifest).ToString()))
                .Distinct()
                // In its own namespaces only: PipelineConfigMapsTests.
                .Except(["configmaps"])
                .Order(StringComparer.Ordinal)
                .ToList();
            Assert.Equal(kinds, Kinds($"pipeline-plan-{environment.Name}", "get", "list"));
            Assert.Equal(
                kinds,
                Kinds($"pipeline-apply-{environment.Name}", "create", "delete", "get", "list", "patch", "update", "watch")
            );
            Assert.DoesNotContain("secrets", kinds);
        }
    }

    [Fact]
    public void Platform_objects_have_the_label_of_the_admission_policies()
    {
        // Helm replaces the label "managed-by" of the objects in its charts; it does not change "part-of".
        var objects = platform
            .Shipped.Resources.Where(resource => resource.Type.StartsWith("kubernetes_", StringComparison.Ordinal))
            .Select(resource => (resource.ToString(), resource.Labels.GetValueOrDefault("app.kubernetes.io/part-of")))
            .Concat(
                platform
                    .Shipped.Stacks.Values.SelectMany(stack => stack.Manifests)
                    .Select(manifest =>
                        (
                            $"{manifest["kind"]} {manifest["metadata"]!["name"]}",
                            manifest["metadata"]!["labels"]?["app.kubernetes.io/part-of"]?.GetValue<string>()
                        )
                    )
            );
        Assert.All(objects, one => Assert.Equal((one.Item1, Inventory.Platform.Project), one));
    }

    private IEnumerable<string> Kinds(string role, params string[] verbs) =>
        Rights
            .Roles.Single(one => one.Name == role)
            .Rules.Where(rule => !rule.Verbs.Contains("bind"))
            .SelectMany(rule =>
            {
                Assert.Equal(verbs, rule.Verbs.Order(StringComparer.Ordinal));
                return rule.Resources.Select(resource => new Kind(resource, Assert.Single(rule.Groups)).ToString());
            })
            .Order(StringComparer.Ordinal);

    internal static Kind KindOf(JsonObject manifest)
    {
        var version = manifest["apiVersion"]!.GetValue<string>().Split('/');
        var kind = manifest["kind"]!.GetValue<string>().ToLowerInvariant();
        var plural = kind.EndsWith('y') ? $"{kind[..^1]}ies" : $"{kind}s";
        return new(plural, version.Length > 1 ? version[0] : "");
    }

    private static IEnumerable<AccessRequest> Requests(RoleRule rule) =>
        from verb in rule.Verbs
        from kind in rule.Groups
        from resource in rule.Resources
        select new AccessRequest(verb, kind, resource);
}
