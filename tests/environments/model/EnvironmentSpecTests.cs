using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Environments.Model;

/// <summary>The namespaces and accounts that follow from an environment's record.</summary>
[Trait("Level", "pure")]
public sealed class EnvironmentSpecTests
{
    private static readonly ApplicationEnvironmentSpec s_staging = Staging.Environment with
    {
        Teams = [new("shop", "#shop"), new("bank", "#bank")],
    };

    [Fact]
    public void Namespaces_are_the_environment_and_its_teams() =>
        Assert.Equal(["staging", "staging-shop", "staging-bank"], s_staging.Namespaces);

    [Fact]
    public void Namespaces_of_system_are_its_own() => Assert.Equal(["system"], SystemEnvironment.Environment.Namespaces);

    [Fact]
    public void Namespaces_of_a_grant_without_teams_are_all() =>
        Assert.Equal(s_staging.Namespaces, s_staging.NamespacesOf(new("jane-doe", AccessProfile.Viewer)));

    [Fact]
    public void Namespaces_of_a_grant_for_a_team_are_that_team() =>
        Assert.Equal(
            ["staging-bank"],
            s_staging.NamespacesOf(new AccessGrant("jane-doe", AccessProfile.Viewer) { Teams = ["bank"] })
        );

    [Fact]
    public void Access_namespace_is_named_after_the_environment() => Assert.Equal("staging-access", s_staging.AccessNamespace);

    [Fact]
    public void Platform_lists_the_system_environment_first() =>
        Assert.Equal(
            Inventory.Platform.Applications.Prepend<EnvironmentSpec>(Inventory.Platform.System),
            Inventory.Platform.Environments
        );
}
