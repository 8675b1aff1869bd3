using InfraCdktf.Constructs.Access;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>Who may do what, asked of the synthesized roles and bindings. The answers are in expected-access.txt.</summary>
[Trait("Level", "synthesized")]
[Collection("synth")]
public sealed class AccessTests(SynthesizedPlatform platform)
{
    private const string Shop = "development-shop";

    // The shipped platform with everybody in development: somebody for each profile, and two who are narrowed to a team.
    private static readonly PlatformSpec s_everybody = Inventory.Platform with
    {
        Applications =
        [
            .. Platforms.Three.Applications.Select(environment =>
                environment.Name.Text == "development"
                    ? environment with
                    {
                        Quota = environment.Quota with { RequestsCpu = "6", RequestsMemory = "8Gi", Pods = 70 },
                        Teams = [new("shop", "#shop"), new("search", "#search")],
                        Access =
                        [
                            .. Enum.GetValues<AccessProfile>()
                                .Where(profile => profile != AccessProfile.PlatformAdmin)
                                .Select(profile => new AccessGrant(Title(profile), profile)),
                            new("shop-bot", AccessProfile.Deployer) { Teams = ["shop"] },
                        ],
                    }
                    : environment
            ),
        ],
    };

    private static AccessRights? s_rights;

    private AccessRights Rights => s_rights ??= SynthesizedRights.Read(platform.Synthesize(s_everybody).Folder);

    public static TheoryData<string> Columns => [.. ExpectedAccess.Table[0].Allowed.Keys];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Everybody_may_do_what_the_table_says_and_nothing_else(string title)
    {
        var wrong = ExpectedAccess
            .Table.Where(line =>
                Rights.Allows(User(title), line.Request with { Namespace = line.IsClusterWide ? null : "development" })
                != line.Allowed[title]
            )
            .Select(line => $"{title}: {line}: expected {(line.Allowed[title] ? "yes" : "no")}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_table_has_sixty_pairs_and_no_column_without_a_yes_and_a_no()
    {
        Assert.InRange(ExpectedAccess.Table.Select(line => line.Request).Distinct().Count(), 60, int.MaxValue);
        Assert.Equal(8, Columns.Count);
        foreach (var title in ExpectedAccess.Table[0].Allowed.Keys)
            Assert.Equal(2, ExpectedAccess.Table.Select(line => line.Allowed[title]).Distinct().Count());
    }

    /// <summary>One right more would go unnoticed where nobody asks.</summary>
    [Fact]
    public void The_table_asks_about_every_resource_that_a_granted_profile_reads_or_changes()
    {
        var asked = ExpectedAccess.Table.Select(line => Right(line.Request)).ToHashSet();
        Assert.Empty(
            from profile in AccessRules.Granted
            from rule in Rights.Roles.Single(role => role.Name == AccessRules.RoleName(profile)).Rules
            from verb in rule.Verbs
            from kind in rule.Groups
            from resource in rule.Resources
            let right = Right(new(verb, kind, resource))
            where !asked.Contains(right)
            select (profile, right)
        );

        static (bool Reads, string Group, string Resource) Right(AccessRequest request) =>
            (request.Verb is "get" or "list" or "watch", request.Group, request.Resource);
    }

    [Fact]
    public void Who_is_granted_something_in_one_environment_may_do_nothing_anywhere_else()
    {
        string?[] elsewhere =
        [
            null,
            "staging",
            "production",
            "system",
            "system-agents",
            "system-access",
            "kube-system",
            "default",
        ];
        var users = Rights.Accounts.Where(user => user.Contains(":development-access:", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, users.Count);
        foreach (var user in users)
        foreach (var space in elsewhere)
            Assert.Empty(Rights.Of(user, space));
    }

    [Fact]
    public void Who_is_narrowed_to_a_team_enters_its_namespace_and_no_other()
    {
        var user = AccountNames.UserName("development-access", "shop-bot");
        var deploys = new AccessRequest("create", "apps", "deployments");
        Assert.True(Rights.Allows(user, deploys with { Namespace = Shop }));
        foreach (var space in new[] { "development", "development-search", "staging" })
            Assert.False(Rights.Allows(user, deploys with { Namespace = space }));
        // Who is not narrowed enters all of them.
        foreach (var space in new[] { "development", "development-search", Shop })
            Assert.True(
                Rights.Allows(
                    AccountNames.UserName("development-access", Title(AccessProfile.Deployer)),
                    deploys with
                    {
                        Namespace = space,
                    }
                )
            );
    }

    [Fact]
    public void An_account_may_ask_for_its_own_next_token_and_for_nobody_elses()
    {
        var token = new AccessRequest("create", "", "serviceaccounts/token");
        foreach (var user in Rights.Accounts.Where(user => !user.EndsWith(AccountNames.BreakGlass, StringComparison.Ordinal)))
        foreach (var other in Rights.Accounts)
            Assert.Equal(
                user == other,
                Rights.Allows(user, token with { Namespace = other.Split(':')[2], Name = other.Split(':')[3] })
            );
    }

    private static string User(string title) =>
        title switch
        {
            "platform-admin" => AccountNames.UserName("system-access", AccountNames.BreakGlass),
            "plan" => AccountNames.UserName("system-access", "plan-development"),
            "apply" => AccountNames.UserName("system-access", "apply-development"),
            _ => AccountNames.UserName("development-access", title),
        };

    private static string Title(AccessProfile profile) => profile.ToString().ToLowerInvariant();
}
