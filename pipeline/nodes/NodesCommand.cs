using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary><c>nodes</c>: takes one node out of service and restores it.</summary>
public static class NodesCommand
{
    /// <summary>The command with its verbs.</summary>
    public static Command Create(CommandContext context)
    {
        var command = new Command("nodes", "Take a node out of service and restore it.");
        command.Add(Cordon(context));
        command.Add(Drain(context));
        command.Add(Uncordon(context));
        return command;
    }

    private static Command Cordon(CommandContext context)
    {
        var (node, reason) = (Node("cordon"), Reason());
        return context.Verb(
            "cordon",
            "Cordon a node, so that no new pods start on it.",
            [node, reason],
            async (parsed, output, cancellation) =>
            {
                var window = await OpenAsync(context.Workspace(), "nodes cordon");
                var name = parsed.GetRequiredValue(node);
                await Require(window, name, cancellation);
                var since = await window.OpenAsync(name, parsed.GetRequiredValue(reason), cancellation);
                output.Line($"{name} accepts no new pods.");
                output.Json(new { node = name, since });
                return ExitCode.Done;
            }
        );
    }

    private static Command Drain(CommandContext context)
    {
        var (node, reason) = (Node("drain"), Reason());
        var timeout = Timeout();
        var check = new Option<bool>("--check") { Description = "Only check whether the node can be drained." };
        return context.Verb(
            "drain",
            "Evict all pods from a node, after a check that every service survives it; exit 1 if one would not.",
            [node, reason, timeout, check],
            async (parsed, output, cancellation) =>
            {
                var window = await OpenAsync(context.Workspace(), "nodes drain");
                var name = parsed.GetRequiredValue(node);
                var cluster = await Require(window, name, cancellation);
                var verdict = DrainCheck.Of(cluster, name, await window.AskAsync(cluster, name, cancellation));
                foreach (var note in verdict.Notes)
                    output.Line(note);
                foreach (var obstacle in verdict.Obstacles)
                    output.Line(obstacle.ToString());
                var go = verdict.Obstacles.Count == 0;
                DateTimeOffset? since = null;
                if (go && !parsed.GetValue(check))
                {
                    since = await window.OpenAsync(name, parsed.GetRequiredValue(reason), cancellation);
                    await window.DrainAsync(
                        name,
                        TimeSpan.FromSeconds(parsed.GetValue(timeout)!.Value),
                        output.Line,
                        cancellation
                    );
                    output.Line($"{name} has only pods of DaemonSets left.");
                }
                else
                {
                    output.Line(go ? $"{name} can be drained." : $"{name} was not changed.");
                }
                output.Json(
                    new
                    {
                        node = name,
                        verdict.Obstacles,
                        verdict.Notes,
                        since,
                    }
                );
                return go ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static Command Uncordon(CommandContext context)
    {
        var node = Node("uncordon");
        var timeout = Timeout();
        return context.Verb(
            "uncordon",
            "Uncordon a node, and wait until all nodes and workloads are ready; exit 1 if they are not ready in time.",
            [node, timeout],
            async (parsed, output, cancellation) =>
            {
                var window = await OpenAsync(context.Workspace(), "nodes uncordon");
                var name = parsed.GetRequiredValue(node);
                await Require(window, name, cancellation);
                var missing = await window.CloseAsync(
                    name,
                    TimeSpan.FromSeconds(parsed.GetValue(timeout)!.Value),
                    output.Line,
                    cancellation
                );
                foreach (var one in missing)
                    output.Line($"Not ready: {one}");
                output.Line(
                    missing.Count == 0
                        ? $"{name} is restored; all nodes and workloads are ready."
                        : $"{name} accepts pods again, but not everything is ready."
                );
                output.Json(new { node = name, notReady = missing });
                return missing.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static async Task<MaintenanceWindow> OpenAsync(Workspace workspace, string command)
    {
        await Needs.Of(workspace, command).Cluster().RequireAsync();
        return new(workspace);
    }

    private static async Task<ClusterState> Require(MaintenanceWindow window, string node, CancellationToken cancellation)
    {
        var cluster = await window.ReadAsync(cancellation);
        return cluster.Nodes.Any(one => one.Name == node)
            ? cluster
            : throw new UsageException(
                $"NODE: given {node}; allowed: {string.Join(", ", cluster.Nodes.Select(one => one.Name))}. Name an existing node."
            );
    }

    private static Argument<string> Node(string what) => new("NODE") { Description = $"The node to {what}." };

    private static Option<string> Reason() =>
        new("--reason")
        {
            HelpName = "TEXT",
            Required = true,
            Description = "Why; it is shown in the Event.",
        };

    private static Option<int?> Timeout() =>
        CommandContext.Number("--timeout", "SECONDS", "How long to wait, in seconds; 0 looks once.", 0, 86_400, 600);
}
