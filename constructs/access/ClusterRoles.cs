using Constructs;
using HashiCorp.Cdktf.Providers.Kubernetes.ClusterRoleV1;

namespace InfraCdktf.Constructs.Access;

/// <summary>ClusterRoles from <see cref="AccessRule"/>s.</summary>
internal static class ClusterRoles
{
    /// <summary>Creates a ClusterRole.</summary>
    public static void Of(
        Construct scope,
        string id,
        string name,
        IEnumerable<AccessRule> rules,
        IReadOnlyDictionary<string, string> labels
    ) =>
        _ = new ClusterRoleV1(
            scope,
            id,
            new ClusterRoleV1Config
            {
                Metadata = new ClusterRoleV1Metadata { Name = name, Labels = labels.ToDictionary() },
                Rule = rules
                    .Select(rule => new ClusterRoleV1Rule
                    {
                        ApiGroups = [.. rule.Groups],
                        Resources = [.. rule.Resources],
                        ResourceNames = rule.Names.Count > 0 ? [.. rule.Names] : null,
                        Verbs = [.. rule.Verbs],
                    })
                    .ToArray(),
            }
        );
}
