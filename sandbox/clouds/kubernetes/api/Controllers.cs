using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The work of a cluster's controllers, done before each request and after each write: nodes for the pools, the objects of every
/// namespace and its end, and pods for workloads. A pod is ready as soon as it has a node.
/// </summary>
internal static class Controllers
{
    private const string PoolLabel = "lke.linode.com/pool-id";
    private const string TemplateHash = "pod-template-hash";

    private static readonly ApiKind _namespaces = ApiKind.Of("namespaces");
    private static readonly ApiKind _accounts = ApiKind.Of("serviceaccounts");
    private static readonly ApiKind _nodes = ApiKind.Of("nodes");
    private static readonly ApiKind _pods = ApiKind.Of("pods");
    private static readonly ApiKind _events = ApiKind.Of("events");

    /// <summary>The kinds whose pods this class manages.</summary>
    private static readonly ApiKind[] _workloads =
    [
        ApiKind.Of("deployments"),
        ApiKind.Of("statefulsets"),
        ApiKind.Of("daemonsets"),
        ApiKind.Of("jobs"),
    ];

    public static void Run(ClusterView cluster)
    {
        Namespaces(cluster);
        Nodes(cluster);
        Pods(cluster);
        Terminations.Continue(cluster);
    }

    /// <summary>The pod template of a workload; null for a kind without pods.</summary>
    public static JsonNode? Template(ApiKind kind, JsonNode workload) =>
        kind.Plural == "cronjobs" ? workload.At("spec.jobTemplate.spec.template") : workload.At("spec.template");

    private static void Namespaces(ClusterView cluster)
    {
        foreach (var name in KubernetesCloud.SystemNamespaces.Where(name => cluster.Find(_namespaces, null, name) is null))
        {
            cluster.Create(
                _namespaces,
                new()
                {
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = name,
                        ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name },
                    },
                }
            );
        }
        var spaces = cluster.List(_namespaces).Select(space => space.Text("metadata.name")!).ToHashSet();
        foreach (var kind in ApiKind.All.Where(kind => kind.Namespaced))
            cluster.RemoveOrphans(kind, spaces);
        spaces.ExceptWith(cluster.Terminating.Select(ending => ending.Space));
        foreach (var space in spaces.Where(space => cluster.Find(_accounts, space, "default") is null))
            cluster.Create(_accounts, new() { ["metadata"] = Metadata("default", space) });
    }

    private static void Nodes(ClusterView cluster)
    {
        var wanted = cluster.Cloud("linode_lke_cluster").SelectMany(Pools).ToDictionary(node => node.Text("metadata.name")!);
        foreach (var node in cluster.List(_nodes).Where(node => node.At("metadata.labels")?[PoolLabel] is not null))
            if (!wanted.Remove(node.Text("metadata.name")!))
                cluster.Remove(_nodes, node);
        foreach (var node in wanted.Values)
            cluster.Create(_nodes, node);
        foreach (var node in cluster.List(_nodes))
            Taint(cluster, node);
    }

    private static IEnumerable<JsonObject> Pools(AccountObject lke) =>
        from pool in lke.Attributes.Items("pool")
        from machine in pool.Items("nodes")
        select Node(lke, pool!, machine!);

    private static JsonObject Node(AccountObject lke, JsonNode pool, JsonNode machine)
    {
        var name = $"lke{lke.Id}-{machine.Text("id")}";
        var labels = new JsonObject
        {
            ["kubernetes.io/hostname"] = name,
            ["node.kubernetes.io/instance-type"] = pool.Text("type"),
            ["topology.kubernetes.io/region"] = lke.Attributes.Text("region"),
            [PoolLabel] = machine.Text("id")!.Split('-')[0],
        };
        foreach (var (key, value) in pool.Entries("labels"))
            labels[key] = value?.DeepClone();
        return new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["providerID"] = $"linode://{machine.Text("instance_id")}",
                ["taints"] = new JsonArray([
                    .. pool.Items("taint")
                        .Select(taint => new JsonObject
                        {
                            ["key"] = taint.Text("key"),
                            ["value"] = taint.Text("value"),
                            ["effect"] = taint.Text("effect"),
                        }),
                ]),
            },
            ["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "Ready",
                        ["status"] = "True",
                        ["reason"] = "KubeletReady",
                    }
                ),
            },
        };
    }

    /// <summary>
    /// Adds the taint to a cordoned node and removes it from any other node, as the node lifecycle controller does.
    /// </summary>
    private static void Taint(ClusterView cluster, JsonObject node)
    {
        var cordoned = node.True("spec.unschedulable");
        var others = node.Items("spec.taints").Where(taint => taint.Text("key") != Scheduler.Unschedulable).ToList();
        if (cordoned == (others.Count < node.Items("spec.taints").Count()))
            return;
        var taints = new JsonArray([.. others.Select(taint => taint!.DeepClone())]);
        if (cordoned)
            taints.Add(new JsonObject { ["key"] = Scheduler.Unschedulable, ["effect"] = "NoSchedule" });
        node["spec"]!["taints"] = taints;
        cluster.Put(_nodes, node);
    }

    private static void Pods(ClusterView cluster)
    {
        var nodes = cluster.List(_nodes);
        var workloads = _workloads.SelectMany(kind => cluster.List(kind).Select(item => (kind, item))).ToList();
        var wanted = workloads
            .SelectMany(workload => Wanted(workload.kind, workload.item, nodes).Select(pod => (workload, pod)))
            .ToDictionary(entry => Key(entry.pod));
        var machines = nodes.Select(node => node.Text("metadata.name")).ToHashSet();
        foreach (var pod in cluster.List(_pods).Where(pod => pod.Items("metadata.ownerReferences").Any()))
        {
            // A pod is removed with its node and created again.
            var lost = pod.Text("spec.nodeName") is { } node && !machines.Contains(node);
            if (!lost && wanted.TryGetValue(Key(pod), out var same) && SameTemplate(pod, same.pod))
                wanted.Remove(Key(pod));
            else
                cluster.Remove(_pods, pod);
        }
        // A pod that had no node may fit on a node now.
        foreach (var pod in cluster.List(_pods).Where(pod => pod.Text("spec.nodeName") is null))
            Place(cluster, nodes, pod);
        foreach (var (workload, pod) in wanted.Values)
            Start(cluster, workload.kind, workload.item, pod, nodes);
    }

    private static IEnumerable<JsonObject> Wanted(ApiKind kind, JsonObject workload, IReadOnlyList<JsonObject> nodes)
    {
        var name = workload.Text("metadata.name")!;
        if (kind.Plural == "daemonsets")
        {
            foreach (var node in nodes.Where(node => Scheduler.TakesDaemon(Pod(kind, workload, name), node)))
            {
                var pod = Pod(kind, workload, $"{name}-{Suffix(node.Text("metadata.name")!)}");
                pod["spec"]!["nodeName"] = node.Text("metadata.name");
                yield return pod;
            }
            yield break;
        }
        // A finished Job has no running pod, and every Job finishes at once here.
        var replicas = kind.Plural == "jobs" ? 0 : workload.Whole("spec.replicas") ?? 1;
        for (var i = 0; i < replicas; i++)
        {
            // A StatefulSet gives its pods fixed names. A Deployment's pods have generated names, which an eviction keeps here.
            var number = i.ToString(CultureInfo.InvariantCulture);
            yield return Pod(
                kind,
                workload,
                kind.Plural == "statefulsets" ? $"{name}-{number}" : $"{name}-{Suffix(name + number)}"
            );
        }
    }

    private static JsonObject Pod(ApiKind kind, JsonObject workload, string name)
    {
        var template = workload.At("spec.template")!;
        var metadata = Metadata(name, workload.Text("metadata.namespace")!);
        metadata["labels"] = template.At("metadata.labels")?.DeepClone() ?? new JsonObject();
        metadata["annotations"] = template.At("metadata.annotations")?.DeepClone() ?? new JsonObject();
        metadata["annotations"]![TemplateHash] = Synthetic.Hex(template.ToJsonString(), 10);
        metadata["ownerReferences"] = new JsonArray(
            new JsonObject
            {
                // The real owner of a Deployment's pods is a ReplicaSet, which this API does not serve.
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Name,
                ["name"] = workload.Text("metadata.name"),
                ["uid"] = workload.Text("metadata.uid"),
                ["controller"] = true,
            }
        );
        return new() { ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
    }

    private static bool SameTemplate(JsonObject pod, JsonObject other) =>
        (string?)pod.At("metadata.annotations")?[TemplateHash] == (string?)other.At("metadata.annotations")?[TemplateHash]
        && pod.Text("metadata.ownerReferences.0.uid") == other.Text("metadata.ownerReferences.0.uid");

    private static void Start(
        ClusterView cluster,
        ApiKind kind,
        JsonObject workload,
        JsonObject pod,
        IReadOnlyList<JsonObject> nodes
    )
    {
        try
        {
            PodAdmission.Admit(cluster, pod);
        }
        catch (ApiException refused)
        {
            RecordEvent(cluster, kind, workload, $"Error creating: {refused.Message}");
            return;
        }
        Place(cluster, nodes, cluster.Create(_pods, pod));
    }

    private static void Place(ClusterView cluster, IReadOnlyList<JsonObject> nodes, JsonObject pod)
    {
        var before = pod.DeepClone();
        pod["spec"]!["nodeName"] ??= Scheduler.Choose(nodes, cluster.List(_pods), pod);
        var placed = pod.Text("spec.nodeName") is not null;
        pod["status"] = new JsonObject
        {
            ["phase"] = placed ? "Running" : "Pending",
            ["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "PodScheduled", ["status"] = placed ? "True" : "False" },
                new JsonObject { ["type"] = "Ready", ["status"] = placed ? "True" : "False" }
            ),
        };
        if (!JsonNode.DeepEquals(before, pod))
            cluster.Put(_pods, pod);
    }

    private static void RecordEvent(ClusterView cluster, ApiKind kind, JsonObject workload, string message)
    {
        var space = workload.Text("metadata.namespace")!;
        var name = $"{workload.Text("metadata.name")}.{Synthetic.Hex(message, 16)}";
        if (cluster.Find(_events, space, name) is not null)
            return;
        cluster.Create(
            _events,
            new()
            {
                ["metadata"] = Metadata(name, space),
                ["type"] = "Warning",
                ["reason"] = "FailedCreate",
                ["message"] = message,
                ["involvedObject"] = new JsonObject
                {
                    ["apiVersion"] = kind.ApiVersion,
                    ["kind"] = kind.Name,
                    ["namespace"] = space,
                    ["name"] = workload.Text("metadata.name"),
                },
                ["source"] = new JsonObject { ["component"] = "controller-manager" },
                ["firstTimestamp"] = ClusterView.Time(cluster.Now),
                ["lastTimestamp"] = ClusterView.Time(cluster.Now),
                ["count"] = 1,
            }
        );
    }

    private static JsonObject Metadata(string name, string space) => new() { ["name"] = name, ["namespace"] = space };

    private static string Key(JsonObject pod) => $"{pod.Text("metadata.namespace")}/{pod.Text("metadata.name")}";

    private static string Suffix(string text) => Synthetic.Hex(text, 5);
}
