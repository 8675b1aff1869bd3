using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>
/// The maintenance window of a node. An annotation on the node has its start; Events record its start and its end.
/// </summary>
/// <param name="workspace">Has the environment variables for kubectl.</param>
public sealed class MaintenanceWindow(Workspace workspace)
{
    private const string Since = "maintenance-since";

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    private readonly Kubectl _kubectl = new(workspace);

    /// <summary>Reads the current state of the cluster.</summary>
    public Task<ClusterState> ReadAsync(CancellationToken cancellation) => ClusterState.ReadAsync(_kubectl, cancellation);

    /// <summary>Asks the API server whether it would evict the node's pods (<see cref="EvictionDryRun"/>).</summary>
    public Task<IReadOnlyDictionary<string, string?>> AskAsync(
        ClusterState cluster,
        string node,
        CancellationToken cancellation
    ) => EvictionDryRun.AskAsync(_kubectl, cluster, node, cancellation);

    /// <summary>Cordons the node and starts its window; an open window continues.</summary>
    /// <returns>The start of the window.</returns>
    public async Task<DateTimeOffset> OpenAsync(string node, string reason, CancellationToken cancellation)
    {
        await _kubectl.RunAsync(["cordon", node], cancellation);
        if (await BegunAsync(node, cancellation) is { } begun)
            return begun;
        var run = await RunContext.ReadAsync(workspace, cancellation);
        var since = run.Started.ToString("O", CultureInfo.InvariantCulture);
        await _kubectl.RunAsync(["annotate", "node", node, $"{Since}={since}"], cancellation);
        await NoteAsync(node, "MaintenanceBegun", $"{run.Actor} took the node out: {reason}", cancellation);
        return run.Started;
    }

    /// <summary>Evicts all pods except those of DaemonSets.</summary>
    /// <exception cref="PipelineException">Not all pods were evicted in time; the node stays cordoned.</exception>
    public Task DrainAsync(string node, TimeSpan patience, Action<string> line, CancellationToken cancellation) =>
        _kubectl.RunAsync(
            [
                "drain",
                node,
                "--ignore-daemonsets",
                "--delete-emptydir-data",
                string.Create(CultureInfo.InvariantCulture, $"--timeout={patience.TotalSeconds:0}s"),
            ],
            cancellation,
            line
        );

    /// <summary>Uncordons the node, waits until everything is ready, and ends its window.</summary>
    /// <returns>What was not ready in time; if this is not empty, the window stays open.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(
        string node,
        TimeSpan patience,
        Action<string> line,
        CancellationToken cancellation
    )
    {
        await _kubectl.RunAsync(["uncordon", node], cancellation);
        var deadline = workspace.Time.GetUtcNow() + patience;
        IReadOnlyList<string> missing;
        while ((missing = (await ReadAsync(cancellation)).NotReady).Count > 0 && workspace.Time.GetUtcNow() < deadline)
        {
            line($"Waiting for {missing.Count}: {missing[0]}");
            await Task.Delay(_pause, workspace.Time, cancellation);
        }
        if (missing.Count == 0 && await BegunAsync(node, cancellation) is { } begun)
        {
            var run = await RunContext.ReadAsync(workspace, cancellation);
            var minutes = (run.Started - begun).TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
            await NoteAsync(
                node,
                "MaintenanceEnded",
                $"{run.Actor} brought the node back after {minutes} minutes; all workloads are ready",
                cancellation
            );
            await _kubectl.RunAsync(["annotate", "node", node, $"{Since}-"], cancellation);
        }
        return missing;
    }

    private async Task<DateTimeOffset?> BegunAsync(string node, CancellationToken cancellation)
    {
        var annotations = (await _kubectl.JsonAsync(["get", "node", node], cancellation))["metadata"]!["annotations"];
        return (string?)annotations?[Since] is { } begun ? DateTimeOffset.Parse(begun, CultureInfo.InvariantCulture) : null;
    }

    // Events about objects without a namespace are in the namespace "default".
    private Task NoteAsync(string node, string reason, string message, CancellationToken cancellation) =>
        _kubectl.NoteAsync(
            "default",
            new()
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Node",
                ["name"] = node,
            },
            reason,
            message,
            warning: false,
            cancellation
        );
}
