using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The cluster's objects while the account's lock is held. Terraform's objects are stored in the account and shown in the API's
/// form. Objects of kubectl and of the cluster are stored in a separate account (<c>cluster/</c>). Therefore the cloud's account
/// is empty after Terraform has destroyed everything. Complete objects in the values of charts/manifests are shown, but are
/// read-only.
/// </summary>
/// <param name="provider">The Kubernetes provider's schema.</param>
/// <param name="cloud">The objects that Terraform created.</param>
/// <param name="own">The objects that the cluster and kubectl created.</param>
/// <param name="now">The time of this request.</param>
internal sealed class ClusterView(ProviderSchema provider, Transaction cloud, Transaction own, DateTimeOffset now)
{
    private const string Owner = "cluster";

    /// <summary>
    /// The type of the records of namespaces that are ending, in the cluster's own account. The id is the name.
    /// </summary>
    public const string Termination = "terminations";

    private readonly Dictionary<string, JsonNode?> _values = [];

    /// <summary>The time of this request.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The objects of a resource type in the cloud, for example the LKE clusters with their machines.</summary>
    public IEnumerable<AccountObject> Cloud(string type) => cloud.OfType(type);

    /// <summary>The objects of a kind in one namespace or in all (null), sorted by namespace and name.</summary>
    public IReadOnlyList<JsonObject> List(ApiKind kind, string? space = null) =>
        [
            .. own.OfType(kind.Resource)
                .Select(item => Shown(kind, item.Attributes))
                .Concat(kind.TerraformType is { } type ? cloud.OfType(type).Select(item => FromTerraform(kind, item)) : [])
                .Concat(Manifests(kind))
                .Concat(ReleaseRecords.All(kind, cloud))
                .Where(item => space is null || item.Text("metadata.namespace") == space)
                .OrderBy(item => item.Text("metadata.namespace"), StringComparer.Ordinal)
                .ThenBy(item => item.Text("metadata.name"), StringComparer.Ordinal),
        ];

    public JsonObject? Find(ApiKind kind, string? space, string name)
    {
        if (own.Find(kind.Resource, Id(space, name)) is { } ours)
            return Shown(kind, ours.Attributes);
        if (kind.TerraformType is { } type && cloud.Find(type, Id(space, name)) is { } made)
            return FromTerraform(kind, made);
        return Manifests(kind)
            .Concat(ReleaseRecords.All(kind, cloud))
            .FirstOrDefault(item => item.Text("metadata.namespace") == space && item.Text("metadata.name") == name);
    }

    public JsonObject Get(ApiKind kind, string? space, string name) =>
        Find(kind, space, name) ?? throw ApiException.NotFound(kind, name);

    /// <summary>Stores a new object with the fields that the API server fills in.</summary>
    public JsonObject Create(ApiKind kind, JsonObject json)
    {
        var metadata = json["metadata"]!.AsObject();
        var (space, name) = (json.Text("metadata.namespace"), json.Text("metadata.name")!);
        if (Find(kind, space, name) is not null)
            throw ApiException.AlreadyExists(kind, name);
        metadata["uid"] = Synthetic.Uuid($"{kind.Resource}/{Id(space, name)}/{own.Created(kind.Resource, name)}/{now:O}");
        metadata["creationTimestamp"] = Time(now);
        metadata["generation"] = 1;
        return Put(kind, json);
    }

    /// <summary>Stores a changed object in the account that holds it.</summary>
    public JsonObject Put(ApiKind kind, JsonObject json)
    {
        var (space, name) = (json.Text("metadata.namespace"), json.Text("metadata.name")!);
        var stored = json.DeepClone().AsObject();
        stored.Remove("apiVersion");
        stored.Remove("kind");
        var metadata = stored["metadata"]!.AsObject();
        var version = long.Parse(metadata.Text("resourceVersion") ?? "1", CultureInfo.InvariantCulture) + 1;
        metadata["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        if (ReleaseRecords.Find(kind, cloud, space, name) is { } release)
        {
            cloud.Put(ReleaseRecords.Changed(release, json));
        }
        else if (kind.TerraformType is { } type && cloud.Find(type, Id(space, name)) is { } made)
        {
            var schema = provider.Resources[type].Body;
            cloud.Put(made with { Attributes = TerraformObjects.ToTerraform(kind, schema, stored, made.Attributes) });
        }
        else if (own.Find(kind.Resource, Id(space, name)) is null && Find(kind, space, name) is not null)
        {
            throw ReadOnly(kind, name);
        }
        else
        {
            own.Put(
                new()
                {
                    Provider = Owner,
                    Type = kind.Resource,
                    Id = Id(space, name),
                    Name = name,
                    Created = now,
                    Attributes = stored,
                    Configured = [],
                }
            );
        }
        return Get(kind, space, name);
    }

    public void Remove(ApiKind kind, JsonObject json)
    {
        var (space, name) = (json.Text("metadata.namespace"), json.Text("metadata.name")!);
        if (ReleaseRecords.Find(kind, cloud, space, name) is { } release)
            ReleaseRecords.Remove(cloud, release);
        else if (own.Find(kind.Resource, Id(space, name)) is { } ours)
            own.Remove(ours);
        else if (kind.TerraformType is { } type && cloud.Find(type, Id(space, name)) is { } made)
            cloud.Remove(made);
        else
            throw ReadOnly(kind, name);
    }

    /// <summary>Deletes an object. One with finalizers stays, with the time of its deletion, until they are removed.</summary>
    public void Delete(ApiKind kind, JsonObject json)
    {
        if (!json.Texts("metadata.finalizers").Any())
        {
            Remove(kind, json);
        }
        else if (json.Text("metadata.deletionTimestamp") is null)
        {
            json["metadata"]!["deletionTimestamp"] = Time(now);
            Put(kind, json);
        }
    }

    /// <summary>The namespaces that are ending, with the time of their deletion.</summary>
    public IEnumerable<(string Space, string Since)> Terminating =>
        own.OfType(Termination).Select(item => (item.Id, item.Attributes.Text("since")!));

    /// <summary>Records that a namespace is ending.</summary>
    public void Terminate(string space)
    {
        if (own.Find(Termination, space) is not null)
            return;
        own.Put(
            new()
            {
                Provider = Owner,
                Type = Termination,
                Id = space,
                Name = space,
                Attributes = new() { ["since"] = Time(now) },
                Configured = [],
                Created = now,
            }
        );
    }

    /// <summary>The objects of kubectl and of the cluster in a namespace that is ending: those with finalizers.</summary>
    public IEnumerable<(ApiKind Kind, JsonObject Object)> Content(string space) =>
        from kind in ApiKind.All
        where kind.Namespaced
        from item in own.OfType(kind.Resource)
        where item.Attributes.Text("metadata.namespace") == space && item.Attributes.Texts("metadata.finalizers").Any()
        select (kind, Shown(kind, item.Attributes));

    /// <summary>Deletes the objects in a namespace. Terraform's and Helm's have no finalizers here.</summary>
    public void Empty(string space)
    {
        foreach (var inside in cloud.All.Where(item => Admission.NamespaceOf(item) == space).ToList())
            cloud.Remove(inside);
        foreach (var kind in ApiKind.All.Where(kind => kind.Namespaced))
        foreach (var item in own.OfType(kind.Resource).ToList())
            if (item.Attributes.Text("metadata.namespace") == space)
                Delete(kind, Shown(kind, item.Attributes));
    }

    /// <summary>Removes an empty namespace.</summary>
    public void End(string space)
    {
        if (Find(ApiKind.Of("namespaces"), null, space) is { } item)
            Remove(ApiKind.Of("namespaces"), item);
        if (own.Find(Termination, space) is { } ending)
            own.Remove(ending);
    }

    /// <summary>Removes objects of kubectl and the cluster whose namespace does not exist any more.</summary>
    public void RemoveOrphans(ApiKind kind, IReadOnlySet<string> namespaces)
    {
        foreach (var item in own.OfType(kind.Resource).ToList())
            if (!namespaces.Contains(item.Attributes.Text("metadata.namespace")!))
                own.Remove(item);
    }

    /// <summary>A time in the API's form.</summary>
    public static string Time(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static ApiException ReadOnly(ApiKind kind, string name) =>
        new(
            405,
            "MethodNotAllowed",
            $"{kind.Resource} \"{name}\" is read-only: a Helm release defines it in its values. Change the Helm release."
        );

    private static string Id(string? space, string name) => space is null ? name : $"{space}/{name}";

    private JsonObject FromTerraform(ApiKind kind, AccountObject item) =>
        TerraformObjects.ToKubernetes(kind, provider.Resources[kind.TerraformType!].Body, item.Attributes, item.Created);

    private static JsonObject Shown(ApiKind kind, JsonObject stored)
    {
        var json = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Name };
        foreach (var (name, value) in stored)
            json[name] = value?.DeepClone();
        return json;
    }

    // Values are long (dashboards) and every request reads every kind. Only values that name the kind are parsed, and only once.
    private IEnumerable<JsonObject> Manifests(ApiKind kind) =>
        from release in cloud.OfType("helm_release")
        from values in release.Attributes.Texts("values")
        where values.StartsWith('{') && values.Contains($"\"{kind.Name}\"", StringComparison.Ordinal)
        from manifest in Parsed(values).Items("manifests")
        where manifest.Text("apiVersion") == kind.ApiVersion && manifest.Text("kind") == kind.Name
        select Placed(kind, manifest!.DeepClone().AsObject(), release);

    private JsonNode? Parsed(string values)
    {
        if (!_values.TryGetValue(values, out var parsed))
            _values[values] = parsed = JsonNode.Parse(values);
        return parsed;
    }

    private static JsonObject Placed(ApiKind kind, JsonObject manifest, AccountObject release)
    {
        // Helm creates an object without a namespace in the namespace of its release.
        if (kind.Namespaced)
            manifest["metadata"]!["namespace"] ??= release.Attributes.Text("namespace");
        manifest["metadata"]!["uid"] = Synthetic.Uuid($"{release.Id}/{kind.Resource}/{manifest.Text("metadata.name")}");
        return manifest;
    }
}
