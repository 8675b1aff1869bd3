using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Tests.Environments.Validation.Checks;

/// <summary>The Secrets that shared services need.</summary>
[Trait("Level", "pure")]
public sealed class SecurityCheckTests
{
    private const string Remedy =
        "Add the Secret or its missing keys to Secrets of the system environment: without them the service does not start.";

    [Fact]
    public void Needed_Secret_with_some_of_its_keys_has_no_problem() =>
        Assert.Empty(Problems(new SecretSpec("grafana-admin", ["admin-user"])));

    [Fact]
    public void Missing_Secret_is_reported_with_the_keys_of_all_services() =>
        Assert.Equal(
            $"INF-611 system.secrets[storage]: given no such Secret; allowed: a Secret with the keys access, secret. {Remedy}",
            Assert.Single(Problems(new("storage", ["access"]), new("storage", ["access", "secret"]))).ToString()
        );

    [Fact]
    public void Missing_key_is_reported_with_the_given_keys() =>
        Assert.Equal(
            "INF-611 system.secrets[grafana-admin]: given keys \"admin-user, admin-password\"; "
                + $"allowed: a Secret with the keys admin-user, token. {Remedy}",
            Assert.Single(Problems(new SecretSpec("grafana-admin", ["admin-user", "token"]))).ToString()
        );

    private static IReadOnlyList<Problem> Problems(params SecretSpec[] needed) =>
        InventoryCheck.Problems(Inventory.Platform, new([], needed));
}
