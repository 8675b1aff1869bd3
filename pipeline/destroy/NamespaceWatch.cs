using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Destroy;

/// <summary>
/// Explains a namespace that does not end. Terraform waits five minutes for it and then only says "context deadline exceeded".
/// The reason is in the namespace's conditions (Kubernetes, <c>NamespaceConditionType</c>): they are read after
/// <see cref="Patience"/>, and shown with the command that leads on.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Called with each line for people.</param>
public sealed partial class NamespaceWatch(INamespaces cluster, TimeProvider time, Action<string> say)
{
    // By address: only the first line of a destroy has the id.
    private readonly Dictionary<string, (string Name, DateTimeOffset Started)> _started = new(StringComparer.Ordinal);
    private readonly List<Task> _questions = [];

    /// <summary>How long a namespace may take before its conditions are read.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Reads a line of Terraform, which repeats "Still destroying..." every 10 seconds.</summary>
    public void Read(string line)
    {
        if (Destroying().Match(line) is not { Success: true } match)
            return;
        var address = match.Groups["address"].Value;
        if (match.Groups["name"] is { Success: true } name)
        {
            _started[address] = (name.Value, time.GetUtcNow());
        }
        else if (_started.TryGetValue(address, out var space) && time.GetUtcNow() - space.Started >= Patience)
        {
            _started.Remove(address); // only once
            _questions.Add(ExplainAsync(space.Name));
        }
    }

    /// <summary>Waits for the questions that were asked.</summary>
    public Task EndAsync() => Task.WhenAll(_questions);

    /// <summary>The lines about a namespace: one for each condition that keeps it.</summary>
    /// <param name="space">The namespace, as the API server answers.</param>
    public static IReadOnlyList<string> Explain(JsonObject space)
    {
        var name = space["metadata"]!["name"]!.GetValue<string>();
        return
        [
            .. (space["status"]?["conditions"] as JsonArray ?? [])
                .Where(condition => condition?["status"]?.GetValue<string>() == "True")
                .Select(condition =>
                    (
                        Remedy: Remedy(condition!["type"]!.GetValue<string>(), name),
                        Message: condition["message"]?.GetValue<string>() ?? ""
                    )
                )
                .Where(found => found.Remedy is not null)
                .Select(found => $"namespace {name} does not end: {found.Message.TrimEnd('.')}. {found.Remedy}"),
        ];
    }

    private static string? Remedy(string condition, string name) =>
        condition switch
        {
            "NamespaceDeletionDiscoveryFailure" => "An aggregated API does not answer. Find it with \"kubectl get apiservices\" "
                + "(AVAILABLE is False), then repair its pods, or \"kubectl delete apiservice NAME\".",
            "NamespaceDeletionGroupVersionParsingFailure" => "An API has a version that Kubernetes cannot read. Find it with "
                + "\"kubectl api-versions\", then \"kubectl delete apiservice NAME\".",
            "NamespaceDeletionContentFailure" => "Kubernetes cannot delete an object in it. Find the reason with "
                + $"\"kubectl get events --namespace {name}\"; often a webhook without pods refuses: \"kubectl get "
                + "validatingwebhookconfigurations,mutatingwebhookconfigurations\".",
            "NamespaceContentRemaining" =>
                "These objects are still being deleted. Look at them with \"kubectl get KIND --namespace "
                    + $"{name}\"; a pod may need its grace period, a volume its node.",
            "NamespaceFinalizersRemaining" =>
                "The controller of a finalizer does not run. Look at the object with \"kubectl get KIND "
                    + $"--namespace {name} --output yaml\"; start its controller, or remove the finalizer with "
                    + "\"kubectl patch KIND "
                    + $"NAME --namespace {name} --type=merge --patch '{{\"metadata\":{{\"finalizers\":null}}}}'\".",
            _ => null,
        };

    private async Task ExplainAsync(string name)
    {
        try
        {
            if (await cluster.FindAsync(name, CancellationToken.None) is not { } space)
                return;
            var lines = Explain(space);
            foreach (var line in lines)
                say(line);
            if (lines.Count == 0)
                say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"namespace {name}: deleted for {Patience.TotalSeconds:f0} s, no condition yet."
                    )
                );
        }
        catch (PipelineException exception)
        {
            say($"namespace {name}: its conditions cannot be read: {exception.Message}");
        }
    }

    // Terraform 1.11 with -json:
    // kubernetes_namespace_v1.main_namespace: Destroying... [id=development]
    // kubernetes_namespace_v1.main_namespace: Still destroying... [30s elapsed]
    [GeneratedRegex(
        @"^(?<address>kubernetes_namespace_v1\.\S+): (Destroying\.\.\. \[id=(?<name>[a-z0-9-]+)|Still destroying\.\.\. \[)"
    )]
    private static partial Regex Destroying();
}
