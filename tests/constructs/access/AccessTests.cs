using InfraCdktf.Constructs.Access;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Access;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>Rights of the accounts in the synthesized roles and bindings. Expected: expected-access.txt.</summary>
[Trait("Level", "synthesized")]
public sealed class AccessTests(SynthesizedPlatform platform)
{
    private const string Shop = "development-shop";

    // The shipped platform with these accounts in development: one for each granted profile, and one limited to a team.
    internal static PlatformSpec AllProfiles { get; } =
        Inventory.Platform with
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

    private AccessRights Rights => s_rights ??= SynthesizedRights.Read(platform.Of(AllProfiles).Folder);

    public static TheoryData<string> Columns => [.. ExpectedAccess.Table[0].Allowed.Keys];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Accounts_have_exactly_the_rights_in_the_access_table(string title)
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
    public void Access_table_has_60_requests_and_both_answers_per_column()
    {
        Assert.InRange(ExpectedAccess.Table.Select(line => line.Request).Distinct().Count(), 60, int.MaxValue);
        Assert.Equal(8, Columns.Count);
        foreach (var title in ExpectedAccess.Table[0].Allowed.Keys)
            Assert.Equal(2, ExpectedAccess.Table.Select(line => line.Allowed[title]).Distinct().Count());
    }

    /// <summary>An additional right is noticed only if the table has a line for it.</summary>
    [Fact]
    public void Access_table_covers_every_resource_of_a_granted_profile()
    {
        var covered = ExpectedAccess.Table.Select(line => Right(line.Request)).ToHashSet();
        Assert.Empty(
            from profile in AccessRules.Granted
            from rule in Rights.Roles.Single(role => role.Name == AccessRules.RoleName(profile)).Rules
            from verb in rule.Verbs
            from kind in rule.Groups
            from resource in rule.Resources
            let right = Right(new(verb, kind, resource))
            where !covered.Contains(right)
            select (profile, right)
        );

        static (bool Reads, string Group, string Resource) Right(AccessRequest request) =>
            (request.Verb is "get" or "list" or "watch", request.Group, request.Resource);
    }

    [Fact]
    public void Account_of_one_environment_has_no_rights_elsewhere()
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
    public void Account_limited_to_a_team_has_rights_only_in_its_namespace()
    {
        var user = AccountNames.UserName("development-access", "shop-bot");
        var deploys = new AccessRequest("create", "apps", "deployments");
        Assert.True(Rights.Allows(user, deploys with { Namespace = Shop }));
        foreach (var space in new[] { "development", "development-search", "staging" })
            Assert.False(Rights.Allows(user, deploys with { Namespace = space }));
        // An account without a team has the right in every namespace of the environment.
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
    public void Account_can_request_a_token_for_itself_only()
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
