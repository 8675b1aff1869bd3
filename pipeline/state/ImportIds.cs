using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// The import id of an existing object: the id that <c>terraform import</c> takes ("Import" in the documentation of linode
/// 3.13.0, kubernetes 2.38.0, helm 3.1.1). For most types it is the object's id. Some types need the id of their parent too. For
/// Kubernetes objects and buckets it follows from the configuration, so they can be imported although the answer to their create
/// is missing.
/// </summary>
/// <param name="configuration">The stack's configuration.</param>
/// <param name="idOf">
/// Gives the id of another object of the stack by its address, from the state or the journal; null if it is not known.
/// </param>
public sealed partial class ImportIds(JsonObject configuration, Func<string, string?> idOf)
{
    // The import id is {parent},{id}. The value is the attribute that refers to the parent.
    private static readonly Dictionary<string, string> _below = new()
    {
        ["linode_domain_record"] = "domain_id",
        ["linode_lke_node_pool"] = "cluster_id",
        ["linode_vpc_subnet"] = "vpc_id",
    };

    /// <summary>
    /// True for types whose secret is shown only at creation. An imported object has no secret, so it must be replaced.
    /// </summary>
    public static bool TellsItsSecretOnce(string type) => type == "linode_object_storage_key";

    /// <summary>True if the state does not have the secret of an object that shows it only at creation.</summary>
    public static bool HasLostItsSecret(StateObject item) =>
        TellsItsSecretOnce(item.Type) && item.Attributes["secret_key"]?.ToString() is not { Length: > 0 };

    /// <summary>The import id of an object; null if it does not follow from the known facts.</summary>
    public string? Of(JournalObject item) =>
        item.Type switch
        {
            // The id is only the release's name. Releases in several namespaces may have the same name.
            "helm_release" => Joined(Text(item.Address, "namespace") ?? "default", Text(item.Address, "name")),
            "linode_object_storage_bucket" => item.Id ?? Joined(Text(item.Address, "region"), Text(item.Address, "label"), ':'),
            _ when item.Type.StartsWith("kubernetes_", StringComparison.Ordinal) => item.Id ?? KubernetesId(item.Address),
            _ when _below.TryGetValue(item.Type, out var parent) => Joined(ParentId(item.Address, parent), item.Id, ','),
            _ => item.Id,
        };

    /// <summary>The import id of an object of the state.</summary>
    public string? OfStateObject(StateObject item) =>
        item.Type == "helm_release"
            ? Joined(item.Attributes["namespace"]?.ToString() ?? "default", item.Attributes["name"]?.ToString())
            : Of(new JournalObject(item.Instance, item.Type, item.Id));

    /// <summary>The label or name of an object in the configuration; null if it has none. People search for it.</summary>
    public string? NameOf(string address) =>
        Text(address, "label") ?? Text(address, "domain") ?? KubernetesName(address) ?? Text(address, "name");

    /// <summary>The namespace of an object in the configuration; null if it has none.</summary>
    public string? NamespaceOf(string address) => Text(address, "metadata", "namespace") ?? Text(address, "namespace");

    /// <summary>
    /// An argument of an object: its text or number, or the id of the object that it refers to. Null if it is not known.
    /// </summary>
    public string? ValueOf(string address, string argument) => ParentId(address, argument) ?? Text(address, argument);

    private static string? Joined(string? first, string? second, char by = '/') =>
        first is null || second is null ? null : $"{first}{by}{second}";

    private string? KubernetesId(string address)
    {
        var name = KubernetesName(address);
        var isNamespaced = At(address, "metadata", "namespace") is not null;
        return isNamespaced ? Joined(Text(address, "metadata", "namespace"), name) : name;
    }

    private string? KubernetesName(string address) =>
        Text(address, "metadata", "name")
        ?? (address.StartsWith("kubernetes_default_service_account", StringComparison.Ordinal) ? "default" : null);

    private string? ParentId(string address, string attribute)
    {
        var value = At(address, attribute);
        return value is JsonValue number && number.TryGetValue<long>(out _) ? number.ToJsonString()
            : value?.ToString() is { } text && Id().Match(text) is { Success: true } match ? idOf(match.Groups["address"].Value)
            : null;
    }

    // The value is a literal or refers to another object's name.
    private string? Text(string address, params ReadOnlySpan<string> path)
    {
        if (At(address, path) is not JsonValue value || !value.TryGetValue<string>(out var text))
            return null;
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;
        return Name().Match(text) is { Success: true } match ? Text(match.Groups["address"].Value, "metadata", "name") : null;
    }

    private JsonNode? At(string address, params ReadOnlySpan<string> path)
    {
        // An address with a key ("type.name[0]") is configured under its name.
        if (address.Split('[')[0].Split('.') is not [var type, var name])
            return null;
        var node = configuration["resource"]?[type]?[name];
        foreach (var step in path)
        {
            // A block is an object or a list of objects.
            node = node is JsonArray { Count: > 0 } blocks ? blocks[0] : node;
            node = node is JsonObject fields ? fields[step] : null;
        }
        return node;
    }

    // ${kubernetes_namespace_v1.main_namespace.metadata[0].name}
    [GeneratedRegex(@"^\$\{(?<address>[a-z0-9_]+\.[\w-]+)\.metadata\[0\]\.name\}$")]
    private static partial Regex Name();

    // ${linode_vpc.network_vpc.id}, ${tonumber(linode_vpc.network_vpc.id)}
    [GeneratedRegex(@"^\$\{(tonumber\()?(?<address>[a-z0-9_]+\.[\w-]+)\.id\)?\}$")]
    private static partial Regex Id();
}
