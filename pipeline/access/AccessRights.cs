namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// The rights in the cluster, and their evaluation: rules only add rights, a binding in a namespace applies only there, a binding
/// of the cluster applies everywhere (Kubernetes, "Using RBAC Authorization").
/// </summary>
public sealed record AccessRights
{
    /// <summary>The prefix of the user name of every ServiceAccount.</summary>
    public const string ServiceAccount = "system:serviceaccount:";

    /// <summary>The prefix of the name of a subject that is a group.</summary>
    public const string Group = "group:";

    /// <summary>All roles, bound or not.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>All grants of the bindings.</summary>
    public required IReadOnlyList<Grant> Grants { get; init; }

    /// <summary>The user names of all ServiceAccounts that are synthesized.</summary>
    public required IReadOnlyList<string> Accounts { get; init; }

    /// <summary>Namespaces with their labels.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces { get; init; }

    /// <summary>Whether a user may do something.</summary>
    public bool Allows(string user, AccessRequest request) => Of(user, request.Namespace).Any(rule => rule.Allows(request));

    /// <summary>
    /// The rules that apply to a user in a namespace; if the namespace is null, the rules for the whole cluster.
    /// </summary>
    public IEnumerable<RoleRule> Of(string user, string? space)
    {
        var names = Groups(user).Select(group => $"{Group}{group}").Prepend(user).ToHashSet();
        return Grants
            .Where(grant => names.Contains(grant.Subject) && (grant.Namespace is null || grant.Namespace == space))
            .SelectMany(grant => grant.Role.Rules);
    }

    // The API server adds every user, and every ServiceAccount, to these groups.
    private static IEnumerable<string> Groups(string user) =>
        user.StartsWith(ServiceAccount, StringComparison.Ordinal)
            ? ["system:authenticated", "system:serviceaccounts", $"system:serviceaccounts:{user.Split(':')[2]}"]
            : ["system:authenticated"];
}
