using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds.Kubernetes;
using InfraCdktf.Sandbox.Values;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace InfraCdktf.Sandbox.Clouds.Helm;

/// <summary>
/// Helm releases through the provider 3.1.1. Charts are not rendered: a release is one object with its values. A local chart
/// must exist. A chart from a repository is accepted by name without a check.
/// </summary>
internal sealed partial class HelmCloud() : Cloud("helm", "helm-3.1.1")
{
    private const string Release = "helm_release";

    private static readonly Value Deployed = new TextValue("deployed");

    public override JsonObject Configure(JsonObject config, IReadOnlyDictionary<string, string> environment)
    {
        config["reachable"] =
            config.Text("kubernetes.host") is not null
            || config.Text("kubernetes.config_path") is not null
            || config.Items("kubernetes.config_paths").Any()
            || config.At("kubernetes.exec") is not null
            || environment.ContainsKey("KUBE_CONFIG_PATH");
        return config;
    }

    public override void Connect(JsonObject settings)
    {
        if (!settings.True("reachable"))
            throw new ProviderException(
                "Kubernetes cluster unreachable",
                "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable"
            );
    }

    public override IEnumerable<Problem> Validate(string type, JsonObject config)
    {
        if (type != Release)
            yield break;
        if (config.Text("name") is { } name && !ReleaseName().IsMatch(name))
            yield return new Problem(
                ValuePath.Root.Name("name"),
                $"invalid release name, must match regex {ReleaseName()} and the length must not be longer than 53"
            );
        var values = config.Items("values").ToList();
        for (var i = 0; i < values.Count; i++)
            if (values[i]?.ToString() is { } yaml && Unreadable(yaml) is { } wrong)
                yield return new Problem(ValuePath.Root.Name("values").At(i), "Failed to parse values", wrong);
    }

    public override string NameOf(string type, JsonObject attributes) => attributes.Text("name") ?? "";

    /// <summary>
    /// `namespace/name`. The provider's id is the name alone, and several namespaces may use the same name.
    /// </summary>
    public override string IdFor(Transaction account, string type, JsonObject attributes) => Key(attributes);

    public override string IdOf(string type, JsonObject state) => Key(state);

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        value = attribute.Path switch
        {
            "id" => item.Planned.Text("name"),
            "status" => "deployed",
            "version" => Chart.Find(item.Planned, item.Caller).Version,
            // Create and Update fill in the metadata. The real provider has a manifest only as an experiment.
            "metadata" or "manifest" or "resources" => null,
            _ => null,
        };
        return value is not null || attribute.Path is "metadata" or "manifest" or "resources";
    }

    public override JsonObject Create(Transaction account, NewObject item, JsonObject attributes)
    {
        var (name, space) = (attributes.Text("name")!, attributes.Text("namespace")!);
        if (account.Find(Release, item.Id) is not null)
            throw new ProviderException("installation failed", "cannot re-use a name that is still in use");
        if (!Admission.NamespaceExists(account, space))
        {
            if (!attributes.True("create_namespace"))
                throw new ProviderException("installation failed", $"create: failed to create: namespaces \"{space}\" not found");
            account.Put(Namespace(space, account.Now));
        }
        attributes["metadata"] = Metadata(item, attributes, name, space, revision: 1);
        return attributes;
    }

    /// <summary>The provider plans the status "deployed", so a release with another status always shows a difference.</summary>
    public override PlannedChange Plan(string type, MapValue config, MapValue? prior, PlannedChange change) =>
        type == Release
            ? change with
            {
                Planned = new(change.Planned.Fields.ToDictionary(f => f.Key, f => f.Key == "status" ? Deployed : f.Value)),
            }
            : change;

    public override bool LeavesTraces(string type) => type == Release;

    /// <summary>Helm has read the chart before it writes a record.</summary>
    public override void Prepare(JsonObject planned, Caller caller) => _ = Chart.Find(planned, caller);

    /// <summary>Helm writes the record of a new revision before its objects.</summary>
    public override JsonObject Interrupted(JsonObject attributes, bool isNew)
    {
        attributes["status"] = isNew ? "pending-install" : "pending-upgrade";
        if (!isNew)
            attributes["metadata"]!["revision"] = attributes.Whole("metadata.revision") + 1;
        return attributes;
    }

    public override JsonObject Update(Transaction account, AccountObject before, NewObject item, JsonObject attributes)
    {
        if (before.Attributes.Text("status")!.StartsWith("pending-", StringComparison.Ordinal))
            throw new ProviderException("Error upgrading chart", "another operation (install/upgrade/rollback) is in progress");
        var revision = (before.Attributes.Whole("metadata.revision") ?? 0) + 1;
        attributes["metadata"] = Metadata(item, attributes, before.Name, attributes.Text("namespace")!, revision);
        return attributes;
    }

    /// <summary>
    /// The provider reads the release only. The arguments of the installation stay as the state has them; after an import they
    /// are the provider's defaults, the values are missing, and the chart is its name (provider 3.1.1).
    /// </summary>
    public override JsonObject Read(string type, JsonObject stored, JsonObject? state)
    {
        var read = state ?? Imported(stored);
        foreach (var name in new[] { "id", "metadata", "name", "namespace", "status", "version" })
            read[name] = stored[name]?.DeepClone();
        return read;
    }

    private JsonObject Imported(JsonObject stored)
    {
        var facts = Facts.Resource(Release);
        return new(
            Schema
                .Resources[Release]
                .Body.Type.Attributes.Keys.Select(name =>
                    KeyValuePair.Create(
                        name,
                        name switch
                        {
                            "chart" => stored.Text("metadata.chart"),
                            "description" => "Install complete",
                            _ => facts[name].Default?.DeepClone(),
                        }
                    )
                )
        );
    }

    /// <summary>
    /// atomic removes a failed installation. cleanup_on_fail alone removes only the objects that a failed upgrade created.
    /// </summary>
    public override bool TakesBack(string type, JsonObject attributes) => attributes.True("atomic");

    private static string Key(JsonObject attributes) => $"{attributes.Text("namespace") ?? "default"}/{attributes.Text("name")}";

    private static JsonObject Metadata(NewObject item, JsonObject attributes, string name, string space, long revision)
    {
        var chart = Chart.Find(item.Planned, item.Caller);
        if (attributes.Text("version") is { } wanted && chart.IsLocal && wanted != chart.Version)
            throw new ProviderException(
                "Provider produced inconsistent result",
                $"The chart {attributes.Text("chart")} has the version {chart.Version}, but the configuration asks for {wanted}."
            );
        return new JsonObject
        {
            ["name"] = name,
            ["namespace"] = space,
            ["revision"] = revision,
            ["chart"] = chart.Name,
            ["version"] = chart.Version,
            ["app_version"] = chart.AppVersion,
            ["values"] = Merged(attributes),
            ["notes"] = "",
            ["first_deployed"] = 1_767_225_600,
            ["last_deployed"] = 1_767_225_600 + revision - 1,
        };
    }

    /// <summary>Merges the values. Maps are merged; for other values the last one is used.</summary>
    private static string Merged(JsonObject attributes)
    {
        var merged = new JsonObject();
        foreach (var yaml in attributes.Texts("values"))
            if (Yaml.ToJson(yaml) is JsonObject values)
                Merge(merged, values);
        return merged.ToJsonString();
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (into[key] is JsonObject below && value is JsonObject more)
                Merge(below, more);
            else
                into[key] = value?.DeepClone();
        }
    }

    private static AccountObject Namespace(string name, DateTimeOffset now) =>
        new()
        {
            Provider = "kubernetes",
            Type = "kubernetes_namespace_v1",
            Id = name,
            Name = name,
            Created = now,
            Attributes = new JsonObject { ["id"] = name, ["metadata"] = new JsonArray(new JsonObject { ["name"] = name }) },
            Configured = [],
        };

    private static string? Unreadable(string yaml)
    {
        try
        {
            return Yaml.ToJson(yaml) is JsonObject or null ? null : "The values must be a YAML map.";
        }
        catch (YamlException e)
        {
            return e.Message;
        }
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex ReleaseName();
}

/// <summary>
/// A chart. A local chart is described by its Chart.yaml, a chart in a repository by the attributes of the release.
/// </summary>
internal sealed record Chart(string Name, string Version, string AppVersion, bool IsLocal)
{
    /// <exception cref="ProviderException">The local chart does not exist, or its Chart.yaml is incomplete.</exception>
    public static Chart Find(JsonObject planned, Caller caller)
    {
        var chart = planned.Text("chart") ?? "";
        var repository = planned.Text("repository");
        if (repository is not null || chart.StartsWith("oci://", StringComparison.Ordinal))
            return new Chart(chart[(chart.LastIndexOf('/') + 1)..], planned.Text("version") ?? "0.0.0", "", IsLocal: false);
        var directory = Path.GetFullPath(chart, caller.Directory.Value);
        return caller.Once(directory, () => Read(chart, directory, caller));
    }

    private static Chart Read(string chart, string directory, Caller caller)
    {
        if (!Directory.Exists(directory))
            throw new ProviderException(
                "Error locating chart",
                $"could not download chart: path \"{chart}\" not found in {caller.Directory.Value}"
            );
        var file = Path.Combine(directory, "Chart.yaml");
        if (!File.Exists(file))
            throw new ProviderException("Error locating chart", $"Chart.yaml file is missing in {chart}");
        var yaml = Yaml.ToJson(File.ReadAllText(file));
        return new Chart(
            yaml.Text("name") ?? throw new ProviderException("Chart validation", "chart.metadata.name is required"),
            yaml.Text("version") ?? throw new ProviderException("Chart validation", "chart.metadata.version is required"),
            yaml.Text("appVersion") ?? "",
            IsLocal: true
        );
    }
}

/// <summary>Reads YAML as JSON.</summary>
internal static class Yaml
{
    /// <exception cref="YamlException">The text is not valid YAML.</exception>
    public static JsonNode? ToJson(string yaml)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml);
        return value is null ? null : JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(value));
    }
}
