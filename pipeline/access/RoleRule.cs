namespace InfraCdktf.Pipeline.Access;

/// <summary>Something that an account wants to do.</summary>
/// <param name="Verb">"get", "create", ...</param>
/// <param name="Group">The API group; "" is the core group.</param>
/// <param name="Resource">The plural, with its subresource where one is meant ("pods/exec").</param>
public sealed record AccessRequest(string Verb, string Group, string Resource)
{
    /// <summary>The namespace; none for what lies in no namespace, and for all namespaces at once.</summary>
    public string? Namespace { get; init; }

    /// <summary>The object's name; none where the request has none (list, watch, create).</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Verb} {Resource}{(Group == "" ? "" : $".{Group}")}{(Name is null ? "" : $" {Name}")} in {Namespace ?? "the cluster"}";
}

/// <summary>One rule of a Role or ClusterRole.</summary>
/// <param name="Groups">API groups, or "*".</param>
/// <param name="Resources">Resources and subresources, "*", or "*/scale".</param>
/// <param name="Names">The objects that alone are meant; all when there is none.</param>
/// <param name="Verbs">Verbs, or "*".</param>
public sealed record RoleRule(
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Verbs
)
{
    private const string All = "*";

    /// <summary>Whether the rule allows a request, as Kubernetes decides it.</summary>
    public bool Allows(AccessRequest request) =>
        IsAbout(request) && (Names.Count == 0 || (request.Name is { } name && Names.Contains(name)));

    /// <summary>Whether the rule allows it at least for some object.</summary>
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
/// <param name="Namespace">The namespace of a Role; none for a ClusterRole.</param>
/// <param name="Rules">Its rules.</param>
/// <param name="Source">Where it is synthesized.</param>
public sealed record Role(string Name, string? Namespace, IReadOnlyList<RoleRule> Rules, string Source);

/// <summary>What a binding gives one subject.</summary>
/// <param name="Subject">As the audit log names it: "system:serviceaccount:NAMESPACE:NAME"; "group:NAME" for a group.</param>
/// <param name="Namespace">Where; none for everywhere.</param>
/// <param name="Role">What.</param>
/// <param name="Source">Where the binding is synthesized.</param>
public sealed record Grant(string Subject, string? Namespace, Role Role, string Source);
