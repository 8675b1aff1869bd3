using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Helm;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.State.Lookup;

/// <summary>Single objects of the cluster.</summary>
public interface IClusterObjects
{
    /// <summary>An object; null if it does not exist.</summary>
    /// <param name="kind">kubectl's word for its kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="space">Its namespace; null if it has none.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="PipelineException">The cluster does not answer, or refuses.</exception>
    Task<JsonObject?> FindAsync(string kind, string name, string? space, CancellationToken cancellation);
}

/// <summary>The objects of the cluster that Terraform deploys to.</summary>
/// <param name="workspace">Has the environment variables for kubectl.</param>
public sealed class KubectlObjects(Workspace workspace) : IClusterObjects
{
    private readonly Kubectl _kubectl = Kubectl.OfTerraform(workspace);

    /// <inheritdoc/>
    public async Task<JsonObject?> FindAsync(string kind, string name, string? space, CancellationToken cancellation)
    {
        string[] within = space is null ? [] : ["--namespace", space];
        var text = await _kubectl.RunAsync(
            ["get", kind, name, .. within, "--ignore-not-found", "--output", "json"],
            cancellation
        );
        return string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text)!.AsObject();
    }
}

/// <summary>
/// The objects of the cluster. Their ids follow from the configuration, so the question is only whether this apply made them: an
/// object of the same name that is older has another owner.
/// </summary>
/// <param name="objects">The cluster.</param>
/// <param name="releases">Helm's records of releases.</param>
public sealed class ClusterObjects(IClusterObjects objects, IReleaseRecords releases) : IObjectSource
{
    private const string Release = "helm_release";
    private const string Place = "the cluster";

    // Kubernetes makes it with its namespace; Terraform only takes it over.
    private const string MadeByKubernetes = "kubernetes_default_service_account_v1";

    private PipelineException? _unreachable;

    /// <inheritdoc/>
    public bool IsComparedById => false;

    /// <inheritdoc/>
    public bool Has(string type) => type == Release || type.StartsWith("kubernetes_", StringComparison.Ordinal);

    /// <inheritdoc/>
    public async Task<ObjectSightings> FindAsync(JournalObject item, ImportIds ids, CancellationToken cancellation)
    {
        var id = ids.Of(item) ?? throw new PipelineException($"the configuration does not say the name of {item.Address}.");
        // A cluster that cannot be reached is not asked again for every object.
        if (_unreachable is not null)
            throw _unreachable;
        try
        {
            var found = item.Type == Release ? await ReleaseAsync(id, cancellation) : await ObjectAsync(item, id, cancellation);
            return new(Place, found is null ? [] : [found])
            {
                NeedsNoTime = item.Type == MadeByKubernetes,
                // Helm itself installs, and ends with its Terraform. A record that appears later is of a half done release, which
                // the check before each plan finds.
                NeedsNoWait = item.Type == Release,
                // It failed because the name was taken, or after its effect: the API server's answer is not in the journal.
                MayBeOfOthers = item.Failed,
            };
        }
        catch (PipelineException exception)
        {
            // A missing right is about one kind.
            if (!exception.Message.Contains("(Forbidden)", StringComparison.Ordinal))
                _unreachable = exception;
            throw;
        }
    }

    /// <inheritdoc/>
    // A name is the id: in the right cluster the next create of an object that exists is refused.
    public Task<string?> DoubtAsync(IReadOnlyList<StateObject> known, CancellationToken cancellation) =>
        Task.FromResult<string?>(null);

    private async Task<Sighting?> ObjectAsync(JournalObject item, string id, CancellationToken cancellation)
    {
        var (space, name) = id.Split('/') is [var within, var own] ? (within, own) : (null, id);
        if (await objects.FindAsync(WhereToLook.KindOf(item.Type), name, space, cancellation) is not { } found)
            return null;
        var created = DateTimeOffset.Parse(
            found["metadata"]!["creationTimestamp"]!.GetValue<string>(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
        // Not every status is an object, and a phase is only shown to people.
        var phase = (found["status"] as JsonObject)?["phase"]?.ToString();
        return new(id, item.Type == MadeByKubernetes ? null : created, phase);
    }

    // A release without a deployed revision was never installed: the recovery of releases removes it.
    private async Task<Sighting?> ReleaseAsync(string id, CancellationToken cancellation)
    {
        var (space, name) = id.Split('/') is [var within, var own] ? (within, own) : ("default", id);
        var records = await releases.ListAsync(space, $"name={name}", cancellation);
        return records.FirstOrDefault(record => record.Status == "deployed") is { } deployed
            ? new(id, records.Min(record => record.Created), deployed.Status)
            : null;
    }
}
