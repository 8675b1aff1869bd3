using System.Text.Json.Nodes;
using Constructs;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// Checks the isolation of an environment in the running cluster: a small target that listens, and a job that tries connections
/// every few minutes. It fails with <see cref="BrokenExitCode"/> if a forbidden connection succeeds. It also connects to the
/// target of its own environment: while this control fails, nothing is proven, and the job tries again until its deadline. So
/// Kubernetes' reason for a failed job shows the difference: <see cref="BrokenReason"/> is broken, every other one is unproven.
/// </summary>
public sealed class IsolationProbe : Manifests
{
    /// <summary>The release, the CronJob, and the prefix of the names of its jobs.</summary>
    public const string Name = ReleaseNames.IsolationProbe;

    /// <summary>Creates the objects.</summary>
    public IsolationProbe(Construct scope, string id, ManifestSetProps props)
        : base(scope, id, props) { }

    private const string Target = "isolation-target";

    /// <summary>The names of its workloads; the pods have them as the label <c>app.kubernetes.io/name</c>.</summary>
    public static IReadOnlyList<string> Workloads { get; } = [Target, Name];
    private const int Port = 8080;

    // A drained node must not look like an isolation failure.
    private const int Replicas = 2;

    /// <summary>The exit code if a connection is open that should be closed. A shell's own errors have others.</summary>
    public const int BrokenExitCode = 3;

    /// <summary>
    /// Kubernetes' reason for the failure of a job whose pod ended with <see cref="BrokenExitCode"/>. No other failure has it: a
    /// pod that a node refused (OutOfpods, OutOfcpu, NodeShutdown) has no exit code and no condition that a rule could name, so
    /// it counts towards the limit of tries. Source: "Pod failure policy", kubernetes.io/docs/concepts/workloads/controllers/job.
    /// </summary>
    public const string BrokenReason = "PodFailurePolicy";

    // With Kubernetes' pauses between tries (10 s, 20 s, 40 s, 80 s) the deadline comes before the limit.
    private const int Tries = 6;
    private const string ContainerName = "probe";

    private const int WaitSeconds = 3;
    private const int PauseSeconds = 5;
    private const string App = "app.kubernetes.io/name";

    private static readonly ContainerResources s_resources = new("10m", "16Mi", "50m", "32Mi");

    /// <summary>The target as plain data, for the capacity check. The job has one pod of the same size.</summary>
    public static Workload Workload { get; } =
        new()
        {
            Service = Name,
            Name = Target,
            Kind = WorkloadKind.Deployment,
            Replicas = Replicas,
            Requests = new(s_resources.RequestCpu, s_resources.RequestMemory),
            Limits = new(s_resources.LimitCpu, s_resources.LimitMemory),
        };

    /// <summary>The objects in an application environment: target, Service, disruption budget and job.</summary>
    public static IReadOnlyList<JsonObject> Objects(PlatformSpec platform, ApplicationEnvironmentSpec environment) =>
        Objects(platform, environment, Connections(platform, environment));

    /// <summary>The objects in the system environment: the same, and the names of all targets.</summary>
    public static IReadOnlyList<JsonObject> Objects(PlatformSpec platform, SystemEnvironmentSpec system) =>
        [.. Objects(platform, system, Connections(platform, system)), .. Aliases(platform)];

    private static IReadOnlyList<JsonObject> Objects(
        PlatformSpec platform,
        EnvironmentSpec environment,
        IReadOnlyList<ProbedConnection> connections
    ) =>
        [
            Manifest("v1", "Service", platform, environment, Target, Service),
            Manifest("apps/v1", "Deployment", platform, environment, Target, Listener(platform, environment)),
            Manifest("policy/v1", "PodDisruptionBudget", platform, environment, Target, Budget),
            Manifest("batch/v1", "CronJob", platform, environment, Name, Job(platform, environment, connections)),
        ];

    /// <summary>
    /// The names under which the probe of an application environment finds the other environments:
    /// <c>isolation-{environment}-{n}</c> in the system namespace, each an alias of another environment's target. A new
    /// environment therefore changes no stack of another application environment.
    /// </summary>
    public static IReadOnlyList<JsonObject> Aliases(PlatformSpec platform) =>
        [
            .. platform.Applications.SelectMany(environment =>
                platform
                    .Applications.Where(other => other != environment)
                    .Select(
                        (other, index) =>
                            Manifest(
                                "v1",
                                "Service",
                                platform,
                                platform.System,
                                Alias(environment, index),
                                new JsonObject { ["type"] = "ExternalName", ["externalName"] = $"{HostOf(other)}.cluster.local" }
                            )
                    )
            ),
        ];

    /// <summary>The connections that the probe of an application environment tries.</summary>
    public static IReadOnlyList<ProbedConnection> Connections(PlatformSpec platform, ApplicationEnvironmentSpec environment) =>
        [
            .. Common(environment),
            new(IsOpen: false, "1.1.1.1", 443),
            new(IsOpen: false, "kubernetes.default.svc", 443),
            new(IsOpen: false, HostOf(platform.System), Port),
            // A name without an environment is not resolved, so the connection counts as closed.
            .. Enumerable
                .Range(0, PlatformSpec.MostApplications - 1)
                .Select(index => new ProbedConnection(
                    IsOpen: false,
                    $"{Alias(environment, index)}.{platform.System.Name}.svc",
                    Port
                )),
        ];

    /// <summary>
    /// The connections that the probe of the system environment tries. Port 443 is not among them: controllers of the shared
    /// services call the API server, and on the standard tier they may use any address for it.
    /// </summary>
    public static IReadOnlyList<ProbedConnection> Connections(PlatformSpec platform, SystemEnvironmentSpec system) =>
        [.. Common(system), .. platform.Applications.Select(other => new ProbedConnection(IsOpen: false, HostOf(other), Port))];

    private static IReadOnlyList<ProbedConnection> Common(EnvironmentSpec environment) =>
        [
            // It also proves that names are resolved: otherwise every other connection would look closed.
            new(IsOpen: true, HostOf(environment), Port),
            // The Internet, by an address that always answers; and the metadata service of the node's Linode.
            new(IsOpen: false, "1.1.1.1", 80),
            new(IsOpen: false, "169.254.169.254", 80),
        ];

    /// <summary>The program of the job, for the shell of busybox.</summary>
    public static string Script { get; } = Read();

    /// <summary>The program's arguments.</summary>
    public static IReadOnlyList<string> Arguments(IEnumerable<ProbedConnection> connections) =>
        [
            $"{WaitSeconds}",
            $"{PauseSeconds}",
            .. connections.SelectMany(connection =>
                new[] { connection.IsOpen ? "open" : "closed", connection.Host, $"{connection.Port}" }
            ),
        ];

    private static string Alias(EnvironmentSpec environment, int index) => $"isolation-{environment.Name}-{index}";

    private static string HostOf(EnvironmentSpec environment) => $"{Target}.{environment.Name}.svc";

    private static JsonObject Service =>
        new()
        {
            ["selector"] = new JsonObject { [App] = Target },
            ["ports"] = new JsonArray(new JsonObject { ["port"] = Port }),
        };

    private static JsonObject Budget =>
        new()
        {
            ["minAvailable"] = 1,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [App] = Target } },
        };

    private static JsonObject Listener(PlatformSpec platform, EnvironmentSpec environment)
    {
        var container = Container("target", ["httpd", "-f", "-p", $"{Port}", "-h", "/tmp"]);
        container["ports"] = new JsonArray(new JsonObject { ["containerPort"] = Port });
        container["readinessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = Port } };
        var pod = Pod(platform, environment, Target, container);
        pod["spec"]!["topologySpreadConstraints"] = PodPlacement.OneEachNode(App, Target);
        return new()
        {
            ["replicas"] = Replicas,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [App] = Target } },
            ["template"] = pod,
        };
    }

    private static JsonObject Job(PlatformSpec platform, EnvironmentSpec environment, IReadOnlyList<ProbedConnection> connections)
    {
        var pod = Pod(
            platform,
            environment,
            Name,
            Container(ContainerName, ["sh", "-c", Script, Name, .. Arguments(connections)])
        );
        pod["spec"]!["restartPolicy"] = "Never";
        return new()
        {
            // The alert IsolationUnproven fires after 10 minutes: three missed runs.
            ["schedule"] = "*/3 * * * *",
            ["concurrencyPolicy"] = "Forbid",
            ["startingDeadlineSeconds"] = 60,
            ["successfulJobsHistoryLimit"] = 1,
            ["failedJobsHistoryLimit"] = 3,
            ["jobTemplate"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    // A drained node, a node that refuses the pod, too little memory or an error of the shell says nothing about
                    // isolation: the pod is started again until the deadline.
                    ["backoffLimit"] = Tries,
                    ["podFailurePolicy"] = new JsonObject
                    {
                        ["rules"] = new JsonArray(
                            new JsonObject
                            {
                                ["action"] = "FailJob",
                                ["onExitCodes"] = new JsonObject
                                {
                                    ["containerName"] = ContainerName,
                                    ["operator"] = "In",
                                    ["values"] = new JsonArray(BrokenExitCode),
                                },
                            }
                        ),
                    },
                    ["activeDeadlineSeconds"] = 120,
                    // The alert lasts as long as the failed job exists.
                    ["ttlSecondsAfterFinished"] = 600,
                    ["template"] = pod,
                },
            },
        };
    }

    private static JsonObject Pod(PlatformSpec platform, EnvironmentSpec environment, string name, JsonObject container)
    {
        var labels = KubernetesObject.Labels(platform, environment);
        labels[App] = name;
        return new()
        {
            ["metadata"] = new JsonObject { ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["automountServiceAccountToken"] = false,
                ["enableServiceLinks"] = false,
                ["nodeSelector"] = PodPlacement.NodeSelector(platform.PoolOf(environment)),
                ["tolerations"] = PodPlacement.Tolerations(platform.PoolOf(environment)),
                ["securityContext"] = new JsonObject
                {
                    ["runAsNonRoot"] = true,
                    ["runAsUser"] = 65534,
                    ["runAsGroup"] = 65534,
                    ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
                },
                ["containers"] = new JsonArray(container),
            },
        };
    }

    private static JsonObject Container(string name, IEnumerable<string> command) =>
        new()
        {
            ["name"] = name,
            ["image"] = Images.Busybox,
            ["command"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]),
            ["resources"] = s_resources.ToJson(),
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
        };

    private static JsonObject Manifest(
        string apiVersion,
        string kind,
        PlatformSpec platform,
        EnvironmentSpec environment,
        string name,
        JsonObject spec
    ) => KubernetesObject.Of(apiVersion, kind, KubernetesObject.Metadata(platform, environment, name), spec);

    private static string Read()
    {
        using var stream = typeof(IsolationProbe).Assembly.GetManifestResourceStream("network/IsolationProbe.sh")!;
        return new StreamReader(stream).ReadToEnd();
    }
}

/// <summary>One connection that the probe tries.</summary>
/// <param name="IsOpen">Whether it must succeed.</param>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">The TCP port.</param>
public sealed record ProbedConnection(bool IsOpen, string Host, int Port);
