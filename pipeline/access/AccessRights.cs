namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// Who may do what in the cluster, and the evaluator that says so: additive rules, a binding in a namespace counts there alone, a binding of the
/// cluster counts everywhere (Kubernetes, "Using RBAC Authorization").
/// </summary>
public sealed record AccessRights
{
    /// <summary>Begins the user name of every ServiceAccount.</summary>
    public const string ServiceAccount = "system:serviceaccount:";

    /// <summary>Begins the name of a subject that is a group.</summary>
    public const string Group = "group:";

    /// <summary>All roles, bound or not.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>All that is bound.</summary>
    public required IReadOnlyList<Grant> Grants { get; init; }

    /// <summary>The user names of all ServiceAccounts that are synthesized.</summary>
    public required IReadOnlyList<string> Accounts { get; init; }

    /// <summary>Namespaces with their labels.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces { get; init; }

    /// <summary>Whether a user may do something.</summary>
    public bool Allows(string user, AccessRequest request) => Of(user, request.Namespace).Any(rule => rule.Allows(request));

    /// <summary>The rules that hold for a user in a namespace; without one, those for the whole cluster.</summary>
    public IEnumerable<RoleRule> Of(string user, string? space)
    {
        var names = Groups(user).Select(group => $"{Group}{group}").Prepend(user).ToHashSet();
        return Grants
            .Where(grant => names.Contains(grant.Subject) && (grant.Namespace is null || grant.Namespace == space))
            .SelectMany(grant => grant.Role.Rules);
    }

    // The groups that the API server puts every user, and every ServiceAccount, into.
    private static IEnumerable<string> Groups(string user) =>
        user.StartsWith(ServiceAccount, StringComparison.Ordinal)
            ? ["system:authenticated", "system:serviceaccounts", $"system:serviceaccounts:{user.Split(':')[2]}"]
            : ["system:authenticated"];
}
