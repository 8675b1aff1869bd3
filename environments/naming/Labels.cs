using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Environments.Naming;

/// <summary>The labels and tags that everything of the platform bears: whose it is, which environment's, what manages it.</summary>
public static class Labels
{
    /// <summary>What manages all of it.</summary>
    public const string ManagedBy = "infra-cdktf";

    /// <summary>The environment, in the tags of what all environments share. No environment may be called so.</summary>
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

    /// <summary>Every tag above, with the place in the inventory that makes it.</summary>
    public static IEnumerable<DerivedName> All(PlatformSpec platform) =>
        [
            new(NameKind.Tag, "project", $"part-of:{platform.Project}"),
            new(NameKind.Tag, "owner", $"owner:{platform.Owner}"),
            .. InventoryPath
                .Environments(platform)
                .SelectMany(part =>
                    (DerivedName[])
                        [
                            new(NameKind.Tag, $"{part.Place}.name", $"environment:{part.Environment.Name}"),
                            new(NameKind.Tag, $"{part.Place}.owner", $"owner:{part.Environment.Owner}"),
                        ]
                ),
        ];

    private static string[] Tags(string environment, string owner, string project) =>
        [$"environment:{environment}", $"managed-by:{ManagedBy}", $"owner:{owner}", $"part-of:{project}"];
}
