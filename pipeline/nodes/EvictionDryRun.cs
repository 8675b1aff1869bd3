using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Nodes;

/// <summary>
/// Asks the API server whether it would evict pods. The call is checked completely and changes nothing (dryRun=All).
/// </summary>
public static class EvictionDryRun
{
    // A kubectl process each; more at a time do not help on a small machine.
    private const int AtOnce = 4;

    /// <summary>Asks about the pods of a node that a drain evicts.</summary>
    /// <returns>By namespace/name: null if the API server would evict the pod, else its message. A pod is left out if its budget
    /// was changed and not counted yet, because kubectl would repeat the call for minutes, or if it has ended
    /// meanwhile.</returns>
    /// <exception cref="PipelineException">The API server cannot be asked, or the caller has no right to evict.</exception>
    public static async Task<IReadOnlyDictionary<string, string?>> AskAsync(
        Kubectl kubectl,
        ClusterState cluster,
        string node,
        CancellationToken cancellation
    )
    {
        var answers = new System.Collections.Concurrent.ConcurrentDictionary<string, string?>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            DrainCheck
                .Evicted(cluster, node)
                .Where(pod => !cluster.Budgets.Any(budget => Budgets.Covers(budget, pod) && Budgets.IsBehind(budget))),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (pod, ended) =>
            {
                var (space, name) = ((string)pod["metadata"]!["namespace"]!, (string)pod["metadata"]!["name"]!);
                var answer = await kubectl.PostAsync(
                    $"/api/v1/namespaces/{space}/pods/{name}/eviction?dryRun=All",
                    new()
                    {
                        ["apiVersion"] = "policy/v1",
                        ["kind"] = "Eviction",
                        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
                    },
                    ended
                );
                // kubectl prints the API server's warnings before the error, as for each call of break-glass.
                var error = string.Join(
                        '\n',
                        answer.Error.Split('\n').Where(line => !line.StartsWith("Warning: ", StringComparison.Ordinal))
                    )
                    .Trim();
                if (answer.ExitCode == 0)
                    answers[ClusterState.PlaceOf(pod)] = null;
                else if (
                    !error.StartsWith(Server, StringComparison.Ordinal) || error.Contains("(Forbidden)", StringComparison.Ordinal)
                )
                    throw new PipelineException(
                        $"The API server cannot be asked whether it would evict {space}/{name}: {error}\n"
                            + "The account needs the right to create pods/eviction; a drain needs it too."
                    );
                else if (!error.Contains("(NotFound)", StringComparison.Ordinal))
                    answers[ClusterState.PlaceOf(pod)] = error[Server.Length..].Split("): ", 2)[^1].TrimEnd('.');
            }
        );
        return answers;
    }

    private const string Server = "Error from server ";
}
