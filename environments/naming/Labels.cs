using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Naming;

/// <summary>The labels and tags of every object of the platform: owner, environment, managing tool.</summary>
public static class Labels
{
    /// <summary>The managing tool.</summary>
    public const string ManagedBy = "infra-cdktf";

    /// <summary>
    /// The environment in the tags of resources that all environments share. No environment may have this name.
    /// </summary>
    public const string Shared = "shared";

    /// <summary>Kubernetes labels of an object of an environment, sorted by key.</summary>
    public static IReadOnlyDictionary<string, string> Kubernetes(PlatformSpec platform, EnvironmentSpec environment) =>
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app.kubernetes.io/managed-by"] = ManagedBy,
            ["app.kubernetes.io/part-of"] = platform.Project,
            ["environment"] = environment.Name.Text,
            ["owner"] = environment.Owner,
        };

    /// <summary>Linode tags of a resource of an environment, sorted. Linode takes 3-50 characters a tag.</summary>
    public static IReadOnlyList<string> Tags(PlatformSpec platform, EnvironmentSpec environment) =>
        Tags(environment.Name.Text, environment.Owner, platform.Project);

    /// <summary>Linode tags of a resource that all environments share, sorted.</summary>
    public static IReadOnlyList<string> SharedTags(PlatformSpec platform) => Tags(Shared, platform.Owner, platform.Project);

    /// <summary>Every tag above that depends on the inventory, with the path of the value that it is derived from.</summary>
    public static IEnumerable<DerivedName> All(PlatformSpec platform)
    {
        var inventory = InventoryValue.Of(platform);
        return
        [
            Tag(inventory.Of(one => one.Project), PartOfTag),
            Tag(inventory.Of(one => one.Owner), OwnerTag),
            .. inventory
                .Environments()
                .SelectMany(environment =>
                    new[]
                    {
                        Tag(environment.Of(one => one.Name).Map(name => name.Text), EnvironmentTag),
                        Tag(environment.Of(one => one.Owner), OwnerTag),
                    }
                ),
        ];
    }

    private static DerivedName Tag(InventoryValue<string> value, Func<string, string> tag) =>
        new(NameKind.Tag, value.Path, tag(value.Value));

    private static string[] Tags(string environment, string owner, string project) =>
        [EnvironmentTag(environment), $"managed-by:{ManagedBy}", OwnerTag(owner), PartOfTag(project)];

    private static string EnvironmentTag(string environment) => $"environment:{environment}";

    private static string OwnerTag(string owner) => $"owner:{owner}";

    private static string PartOfTag(string project) => $"part-of:{project}";
}
