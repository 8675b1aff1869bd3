using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>One Kubernetes API server through the provider 2.38.0.</summary>
/// <param name="cluster">The account with the objects that the cluster and kubectl created.</param>
/// <param name="clock">The clock of the cluster.</param>
internal sealed class KubernetesCloud(Account cluster, TimeProvider clock) : Cloud("kubernetes", "kubernetes-2.38.0")
{
    private const string Namespace = "kubernetes_namespace_v1";

    // The provider's default (terraform-provider-kubernetes v2.38.0, kubernetes/resource_kubernetes_namespace_v1.go).
    private static readonly TimeSpan _longestEnd = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    /// <summary>The namespaces that every new cluster has.</summary>
    public static readonly IReadOnlyList<string> SystemNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <summary>
    /// Resource types that the sandbox does not support: they change objects of other owners, or need the API during a plan.
    /// </summary>
    private static readonly string[] _unsupported =
    [
        "kubernetes_annotations",
        "kubernetes_config_map_v1_data",
        "kubernetes_env",
        "kubernetes_labels",
        "kubernetes_manifest",
        "kubernetes_node_taint",
        "kubernetes_secret_v1_data",
    ];

    /// <summary>From the provider's own validators (terraform-provider-kubernetes v2.38.0, kubernetes/schema_*.go).</summary>
    private static readonly Dictionary<string, WordCheck> _words = new()
    {
        [""] = new WordCheck(
            new Dictionary<string, string[]>
            {
                ["image_pull_policy"] = ["Always", "IfNotPresent", "Never"],
                ["restart_policy"] = ["Always", "OnFailure", "Never"],
                ["termination_message_policy"] = ["File", "FallbackToLogsOnError"],
                ["role_ref.api_group"] = ["rbac.authorization.k8s.io"],
                ["role_ref.kind"] = ["Role", "ClusterRole"],
            }
        ),
        ["kubernetes_service_v1"] = new WordCheck(
            new Dictionary<string, string[]>
            {
                ["spec.type"] = ["ClusterIP", "ExternalName", "NodePort", "LoadBalancer"],
                ["spec.session_affinity"] = ["ClientIP", "None"],
                ["spec.external_traffic_policy"] = ["Local", "Cluster"],
                ["spec.internal_traffic_policy"] = ["Cluster", "Local"],
                ["spec.ip_family_policy"] = ["SingleStack", "PreferDualStack", "RequireDualStack"],
                ["spec.port.protocol"] = ["TCP", "UDP", "SCTP"],
            }
        ),
        ["kubernetes_storage_class_v1"] = new WordCheck(
            new Dictionary<string, string[]>
            {
                ["reclaim_policy"] = ["Recycle", "Delete", "Retain"],
                ["volume_binding_mode"] = ["Immediate", "WaitForFirstConsumer"],
            }
        ),
        ["kubernetes_cluster_role_binding_v1"] = new WordCheck(
            new Dictionary<string, string[]> { ["role_ref.kind"] = ["ClusterRole"] }
        ),
    };

    public override JsonObject Configure(JsonObject config, IReadOnlyDictionary<string, string> environment)
    {
        var given =
            config.Text("host") is not null
            || config.Text("config_path") is not null
            || config.Items("config_paths").Any()
            || config.Items("exec").Any()
            || environment.ContainsKey("KUBE_CONFIG_PATH");
        config["reachable"] = given;
        return config;
    }

    /// <summary>The real provider starts without a configuration and then calls localhost.</summary>
    public override void Connect(JsonObject settings)
    {
        if (!settings.True("reachable"))
            throw new ProviderException(
                "Get \"http://localhost/api\": dial tcp [::1]:80: connect: connection refused",
                "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable"
            );
    }

    public override IEnumerable<Problem> Validate(string type, JsonObject config) =>
        _unsupported.Contains(type)
            ? [new Problem(ValuePath.Root, $"The sandbox does not support {type}", "Use the typed resource or a local chart.")]
            : ManifestCheck
                .Run(type, Schema.Resources[type].Body, config)
                .Concat(
                    new[] { "", type }
                        .Select(t => _words.GetValueOrDefault(t))
                        .OfType<WordCheck>()
                        .SelectMany(w => w.Run(Schema.Resources[type].Body, config))
                );

    /// <summary>True for two notations of one quantity, alone or in a map.</summary>
    public override bool Equivalent(string type, string path, Value? before, Value? after) =>
        (before, after) switch
        {
            (TextValue b, TextValue a) => SameQuantity(b.Text, a.Text),
            (MapValue b, MapValue a) => b.Fields.Count == a.Fields.Count
                && b.Fields.All(f => f.Value is TextValue x && a[f.Key] is TextValue y && SameQuantity(x.Text, y.Text)),
            _ => false,
        };

    public override PlannedChange Plan(string type, MapValue config, MapValue? prior, PlannedChange change) =>
        type is "kubernetes_config_map_v1" or "kubernetes_secret_v1" && prior is not null && IsTrue(prior["immutable"])
            ? Immutable(prior, change)
            : change;

    public override string NameOf(string type, JsonObject attributes) => attributes.Text("metadata.0.name") ?? "";

    public override string IdFor(Transaction account, string type, JsonObject attributes)
    {
        var name = attributes.Text("metadata.0.name") ?? GenerateName(account, type, attributes);
        return attributes.Text("metadata.0.namespace") is { } space ? $"{space}/{name}" : name;
    }

    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value) =>
        KubernetesValues.TryCompute(attribute, item, out value);

    public override JsonObject Create(Transaction account, NewObject item, JsonObject attributes)
    {
        Admission.Review(account, item.Type, item.Id, attributes, isNew: true);
        if (attributes.Text("metadata.0.namespace") is { } space && IsEnding(space))
            throw new ProviderException(
                $"{Kind.Of(item.Type)} \"{attributes.Text("metadata.0.name")}\" is forbidden: unable to create new content in "
                    + $"namespace {space} because it is being terminated"
            );
        var made = Versioned(Answers.Canonical(item.Type, Reveal(item, attributes)), item.Id, null);
        Admission.RequireQuota(Schema, account, item.Type, made);
        item.Late = Admission.Rollout(Schema, account, item, made);
        return made;
    }

    public override JsonObject Update(Transaction account, AccountObject before, NewObject item, JsonObject attributes)
    {
        Admission.Review(account, before.Type, before.Id, attributes, isNew: false);
        return Versioned(Answers.Canonical(before.Type, Reveal(item, attributes)), before.Id, before.Attributes);
    }

    public override JsonObject Read(string type, JsonObject stored, JsonObject? state) => Answers.Read(stored, state);

    public override void Delete(Transaction account, AccountObject item)
    {
        if (item.Type != Namespace)
        {
            account.Remove(item);
            return;
        }
        cluster.Change(own =>
        {
            Terminations.Begin(new(Schema, account, own, clock.GetUtcNow()), item.Id);
            return true;
        });
    }

    /// <summary>Waits as the provider does: until the namespace has ended, for at most five minutes.</summary>
    public override Func<CancellationToken, Task> Deleting(string type, string id)
    {
        var until = clock.GetUtcNow() + _longestEnd;
        return ended => EndAsync(type, id, until, ended);
    }

    private async Task EndAsync(string type, string id, DateTimeOffset until, CancellationToken ended)
    {
        while (type == Namespace && IsEnding(id))
        {
            if (clock.GetUtcNow() >= until)
                throw new ProviderException("context deadline exceeded");
            await Task.Delay(_look, ended).ContinueWith(_ => { }, CancellationToken.None);
            if (ended.IsCancellationRequested)
                throw new ProviderException("context canceled");
        }
    }

    public override JsonObject ReadData(ObjectIndex account, string type, JsonObject config)
    {
        if (type == "kubernetes_all_namespaces")
            return new JsonObject
            {
                ["id"] = "namespaces",
                ["namespaces"] = new JsonArray([
                    .. SystemNamespaces
                        .Concat(account.OfType("kubernetes_namespace_v1").Select(n => n.Name))
                        .Order(StringComparer.Ordinal)
                        .Select(n => (JsonNode)n),
                ]),
            };
        if (!Schema.Resources.ContainsKey(type))
            return base.ReadData(account, type, config);
        var (space, name) = (config.Text("metadata.0.namespace"), config.Text("metadata.0.name"));
        if (Schema.Resources[type].Body.Blocks["metadata"].Body.Attributes.ContainsKey("namespace"))
            space ??= "default";
        // A missing object gives an empty answer, as with the real provider.
        return account.Find($"{type}/{(space is null ? name : $"{space}/{name}")}")?.Attributes.DeepClone().AsObject() ?? config;
    }

    private bool IsEnding(string space) => cluster.Find(ClusterView.Termination, space) is not null;

    private static PlannedChange Immutable(MapValue prior, PlannedChange change)
    {
        var changed = new[] { "data", "binary_data", "immutable" }.Where(n => !Equals(prior[n], change.Planned[n]));
        return change with { RequiresReplace = [.. change.RequiresReplace, .. changed.Select(ValuePath.Root.Name)] };
    }

    /// <summary>Provider 2.38 writes a Secret's content into the state if the revision is 0 or missing (measured).</summary>
    private static JsonObject Reveal(NewObject item, JsonObject attributes)
    {
        if (
            item.Type == "kubernetes_secret_v1"
            && item.Config["data_wo"] is { } secret
            && (item.Config.Whole("data_wo_revision") ?? 0) < 1
        )
            attributes["data"] = secret.DeepClone();
        return attributes;
    }

    private static JsonObject Versioned(JsonObject attributes, string id, JsonObject? before)
    {
        if (attributes.At("metadata.0") is not JsonObject metadata)
            return attributes;
        metadata["name"] ??= id[(id.IndexOf('/') + 1)..];
        var changed = before is not null && !JsonNode.DeepEquals(before["spec"], attributes["spec"]);
        metadata["generation"] =
            (before.Whole("metadata.0.generation") ?? (attributes["spec"] is null ? 0 : 1)) + (changed ? 1 : 0);
        var version = before.Text("metadata.0.resource_version") is { } last
            ? long.Parse(last, CultureInfo.InvariantCulture) + 1
            : 1000 + (long)(Synthetic.Number(metadata.Text("uid") ?? id) % 900_000);
        metadata["resource_version"] = version.ToString(CultureInfo.InvariantCulture);
        return attributes;
    }

    private string GenerateName(Transaction account, string type, JsonObject attributes)
    {
        var prefix = attributes.Text("metadata.0.generate_name") ?? "";
        var count = account.OfType(type).Count();
        return prefix + Synthetic.Hex($"{type}/{prefix}/{count}", 5);
    }

    private static bool SameQuantity(string a, string b) =>
        a == b || (Quantity.TryParse(a, out var x) && Quantity.TryParse(b, out var y) && x == y);

    private static bool IsTrue(Value? value) => value is BoolValue { Truth: true };
}
