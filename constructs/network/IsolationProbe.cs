using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Network;

/// <summary>
/// The proof at run time that an environment's walls stand: a small target that listens, and every few minutes a job that tries connections and
/// fails when a forbidden one succeeds or an allowed one does not. Each environment's job also reaches its own target, so a target that is
/// down cannot make a wall look whole. Complete objects for <c>charts/manifests</c>.
/// </summary>
public static class IsolationProbe
{
    /// <summary>The release, the CronJob, and the beginning of the names of its jobs.</summary>
    public const string Name = "isolation-probe";

    private const string Target = "isolation-target";
    private const int Port = 8080;
    private const int WaitSeconds = 3;
    private const string App = "app.kubernetes.io/name";

    /// <summary>Target, Service and disruption budget, and the job.</summary>
    public static IReadOnlyList<JsonObject> Objects(PlatformSpec platform, EnvironmentSpec environment) =>
        [
            Manifest("v1", "Service", platform, environment, Target, Service),
            Manifest("apps/v1", "Deployment", platform, environment, Target, Listener(platform, environment)),
            Manifest("policy/v1", "PodDisruptionBudget", platform, environment, Target, Budget),
            Manifest("batch/v1", "CronJob", platform, environment, Name, Job(platform, environment)),
        ];

    /// <summary>
    /// Where the probe of an application environment finds the others: names in the system namespace, <c>isolation-{environment}-{n}</c>, each an alias of
    /// another environment's target. So a new environment changes the system stack alone, and none of the other environments'.
    /// </summary>
    public static IReadOnlyList<JsonObject> Neighbours(PlatformSpec platform) =>
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
                                Neighbour(environment, index),
                                new JsonObject { ["type"] = "ExternalName", ["externalName"] = $"{HostOf(other)}.cluster.local" }
                            )
                    )
            ),
        ];

    /// <summary>What is tried from an environment.</summary>
    public static IReadOnlyList<ProbedConnection> Connections(PlatformSpec platform, EnvironmentSpec environment) =>
        [
            // Also proves that names are resolved: without it every other connection would look closed.
            new(IsOpen: true, HostOf(environment), Port),
            // The Internet, by an address that always answers; and the metadata service of the node's Linode.
            new(IsOpen: false, "1.1.1.1", 80),
            new(IsOpen: false, "169.254.169.254", 80),
            .. environment == platform.System
                // Controllers among the shared services do talk to the API server, and may do so by any address on the standard tier.
                ? platform.Applications.Select(other => new ProbedConnection(IsOpen: false, HostOf(other), Port))
                :
                [
                    new(IsOpen: false, "1.1.1.1", 443),
                    new(IsOpen: false, "kubernetes.default.svc", 443),
                    new(IsOpen: false, HostOf(platform.System), Port),
                    // A name that is no environment's is not resolved, and so closed.
                    .. Enumerable
                        .Range(0, PlatformSpec.MostApplications - 1)
                        .Select(index => new ProbedConnection(
                            IsOpen: false,
                            $"{Neighbour(environment, index)}.{platform.System.Name}.svc",
                            Port
                        )),
                ],
        ];

    /// <summary>The program that tries them, for the shell of busybox.</summary>
    public static string Script { get; } = Read();

    /// <summary>The program's arguments.</summary>
    public static IReadOnlyList<string> Arguments(IEnumerable<ProbedConnection> connections) =>
        [
            $"{WaitSeconds}",
            .. connections.SelectMany(connection =>
                new[] { connection.IsOpen ? "open" : "closed", connection.Host, $"{connection.Port}" }
            ),
        ];

    private static string Neighbour(EnvironmentSpec environment, int index) => $"isolation-{environment.Name}-{index}";

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

    // Two, because a node that is drained must not look like a hole in a wall.
    private static JsonObject Listener(PlatformSpec platform, EnvironmentSpec environment)
    {
        var container = Container("target", ["httpd", "-f", "-p", $"{Port}", "-h", "/tmp"]);
        container["ports"] = new JsonArray(new JsonObject { ["containerPort"] = Port });
        container["readinessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = Port } };
        var pod = Pod(platform, environment, Target, container);
        pod["spec"]!["topologySpreadConstraints"] = SharedServices.OneEachNode(App, Target);
        return new()
        {
            ["replicas"] = 2,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [App] = Target } },
            ["template"] = pod,
        };
    }

    private static JsonObject Job(PlatformSpec platform, EnvironmentSpec environment)
    {
        var pod = Pod(
            platform,
            environment,
            Name,
            Container("probe", ["sh", "-c", Script, Name, .. Arguments(Connections(platform, environment))])
        );
        pod["spec"]!["restartPolicy"] = "Never";
        return new()
        {
            // Three runs are missed before ten minutes are over.
            ["schedule"] = "*/3 * * * *",
            ["concurrencyPolicy"] = "Forbid",
            ["startingDeadlineSeconds"] = 60,
            ["successfulJobsHistoryLimit"] = 1,
            ["failedJobsHistoryLimit"] = 3,
            ["jobTemplate"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["backoffLimit"] = 0,
                    ["activeDeadlineSeconds"] = 120,
                    // A failed job is an alert for as long as it is there.
                    ["ttlSecondsAfterFinished"] = 600,
                    ["template"] = pod,
                },
            },
        };
    }

    private static JsonObject Pod(PlatformSpec platform, EnvironmentSpec environment, string name, JsonObject container)
    {
        var labels = KubernetesObject.Of(platform, environment, name)["labels"]!.DeepClone();
        labels[App] = name;
        return new()
        {
            ["metadata"] = new JsonObject { ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["automountServiceAccountToken"] = false,
                ["enableServiceLinks"] = false,
                ["nodeSelector"] = SharedServices.OnPool(platform, environment),
                ["tolerations"] = SharedServices.ToleratesPool(platform, environment),
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
            ["resources"] = SharedServices.Resources("10m", "16Mi", "50m", "32Mi"),
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
    ) =>
        new()
        {
            ["apiVersion"] = apiVersion,
            ["kind"] = kind,
            ["metadata"] = KubernetesObject.Of(platform, environment, name),
            ["spec"] = spec,
        };

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
