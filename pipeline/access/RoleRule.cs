namespace InfraCdktf.Pipeline.Access;

/// <summary>A request of an account to the API server.</summary>
/// <param name="Verb">"get", "create", ...</param>
/// <param name="Group">The API group; "" is the core group.</param>
/// <param name="Resource">The plural, with its subresource if there is one ("pods/exec").</param>
public sealed record AccessRequest(string Verb, string Group, string Resource)
{
    /// <summary>The namespace; null for an object without a namespace, and for a request to all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>The object's name; null if the request has none (list, watch, create).</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Verb} {Resource}{(Group == "" ? "" : $".{Group}")}{(Name is null ? "" : $" {Name}")} in {Namespace ?? "the cluster"}";
}

/// <summary>One rule of a Role or ClusterRole.</summary>
/// <param name="Groups">API groups, or "*".</param>
/// <param name="Resources">Resources and subresources, "*", or "*/scale".</param>
/// <param name="Names">The names of the allowed objects; empty for all objects.</param>
/// <param name="Verbs">Verbs, or "*".</param>
public sealed record RoleRule(
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Verbs
)
{
    private const string All = "*";

    /// <summary>Whether the rule allows a request, by the rules of Kubernetes.</summary>
    public bool Allows(AccessRequest request) =>
        IsAbout(request) && (Names.Count == 0 || (request.Name is { } name && Names.Contains(name)));

    /// <summary>Whether the rule allows the request for at least one object.</summary>
    public bool IsAbout(AccessRequest request) =>
        Has(Verbs, request.Verb) && Has(Groups, request.Group) && (Has(Resources, request.Resource) || HasSubresource(request));

    private bool HasSubresource(AccessRequest request)
    {
        var slash = request.Resource.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && Resources.Contains($"{All}{request.Resource[slash..]}");
    }

    private static bool Has(IReadOnlyList<string> list, string one) => list.Contains(All) || list.Contains(one);
}

/// <summary>A Role or a ClusterRole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">The namespace of a Role; null for a ClusterRole.</param>
/// <param name="Rules">Its rules.</param>
/// <param name="Source">Where it is synthesized.</param>
public sealed record Role(string Name, string? Namespace, IReadOnlyList<RoleRule> Rules, string Source);

/// <summary>The rights that a binding gives to one subject.</summary>
/// <param name="Subject">The name in the audit log: "system:serviceaccount:NAMESPACE:NAME"; "group:NAME" for a group.</param>
/// <param name="Namespace">The namespace in which it applies; null for the whole cluster.</param>
/// <param name="Role">The role.</param>
/// <param name="Source">Where the binding is synthesized.</param>
public sealed record Grant(string Subject, string? Namespace, Role Role, string Source);
