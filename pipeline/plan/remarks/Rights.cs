using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// A role that may do more, or somebody who gets a role. Rights only add up
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/).
/// </summary>
internal sealed class Rights : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change) =>
        change.Kind switch
        {
            _ when change.After is null => [],
            "Role" or "ClusterRole" => Role(change),
            "RoleBinding" or "ClusterRoleBinding" => Binding(change),
            _ => [],
        };

    private static IEnumerable<PlanRemark> Role(ResourceChange change)
    {
        var before = Of(change.Before, change.Kind!)["rules"];
        if (change.Before is null)
            yield break;
        var had = Permissions(before).ToHashSet(StringComparer.Ordinal);
        var more = Permissions(Of(change.After, change.Kind!)["rules"])
            .Where(one => !had.Contains(one))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (more.Count > 0)
            yield return new(
                RemarkKind.Security,
                $"The {change.Kind} {change.Name} gives more rights to everybody who has it.",
                string.Join(", ", more)
            );
    }

    private static IEnumerable<PlanRemark> Binding(ResourceChange change)
    {
        var (before, after) = (Of(change.Before, change.Kind!), Of(change.After, change.Kind!));
        var (was, role) = (RoleOf(before), RoleOf(after));
        var had = Subjects(before).ToList();
        var subjects = Subjects(after).Where(subject => was != role || !had.Contains(subject)).ToList();
        if (subjects.Count == 0)
            yield break;
        var space = change.Kind == "ClusterRoleBinding" ? "in the whole cluster" : $"in {change.Name.Split('/')[0]}";
        yield return new(
            RemarkKind.Security,
            was is not null && was != role
                ? $"{string.Join(", ", subjects)}: {role} instead of {was}, {space}."
                : $"{string.Join(", ", subjects)} gets {role}, {space}."
        );
    }

    private static JsonObject Of(JsonObject? value, string kind) =>
        value is null ? []
        : value["kind"] is null ? TerraformObject.ToKubernetes(value, "rbac.authorization.k8s.io/v1", kind)
        : value;

    private static string? RoleOf(JsonObject binding) =>
        ResourceChange.Single(binding["roleRef"]) is { } role
            ? $"{ResourceChange.Text(role["kind"])} {ResourceChange.Text(role["name"])}"
            : null;

    private static IEnumerable<string> Subjects(JsonObject binding) =>
        ResourceChange
            .Objects(binding["subjects"])
            .Select(subject =>
                ResourceChange.Text(subject["namespace"]) is { Length: > 0 } space
                    ? $"{ResourceChange.Text(subject["kind"])} {space}/{ResourceChange.Text(subject["name"])}"
                    : $"{ResourceChange.Text(subject["kind"])} {ResourceChange.Text(subject["name"])}"
            );

    private static IEnumerable<string> Permissions(JsonNode? rules) =>
        from rule in ResourceChange.Objects(rules)
        from verb in ResourceChange.Texts(rule["verbs"])
        from resource in ResourceChange.Texts(rule["resources"]).Concat(ResourceChange.Texts(rule["nonResourceURLs"]))
        from api in ResourceChange.Texts(rule["apiGroups"]).DefaultIfEmpty("")
        let names = ResourceChange.Texts(rule["resourceNames"])
        let object_ = $"{verb} {resource}{(api.Length > 0 ? $".{api}" : "")}"
        from name in names.Count == 0 ? [object_] : names.Select(name => $"{object_} {name}")
        select name;
}
