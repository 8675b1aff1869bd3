using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Charts;

/// <summary>The CRDs in the cluster that Terraform deploys to.</summary>
/// <param name="workspace">Has the environment variables for kubectl.</param>
public sealed class ClusterCrds(Workspace workspace)
{
    /// <summary>The name under which the API server records the fields that we apply.</summary>
    public const string FieldManager = "infra-cdktf";

    private readonly Kubectl _kubectl = Kubectl.OfTerraform(workspace);

    /// <summary>The CRDs of some API groups, sorted by name.</summary>
    /// <exception cref="PipelineException">The cluster does not answer, or the account may not read CRDs.</exception>
    public async Task<IReadOnlyList<Crd>> ReadAsync(IReadOnlyList<string> groups, CancellationToken cancellation) =>
        [
            .. (await _kubectl.ListAsync(Crd.Resource, space: null, cancellation))
                .Select(item => new Crd(item))
                .Where(crd => groups.Contains(crd.Group))
                .OrderBy(crd => crd.Name, StringComparer.Ordinal),
        ];

    /// <summary>
    /// Applies CRDs, each with a mark. The API server checks all of them first, with its admission policies, so that a refusal
    /// changes nothing.
    /// </summary>
    /// <param name="crds">The CRDs of the chart.</param>
    /// <param name="left">CRDs of the cluster that the chart does not have any more: they only get the mark.</param>
    /// <param name="mark">The mark.</param>
    /// <param name="cancellation">Cancels the calls.</param>
    /// <exception cref="PipelineException">The API server refuses one.</exception>
    public async Task ApplyAsync(IReadOnlyList<Crd> crds, IReadOnlyList<Crd> left, CrdMark mark, CancellationToken cancellation)
    {
        var marked = crds.Select(crd =>
            {
                var item = crd.Object.DeepClone().AsObject();
                // Generators leave an empty status in the file; the API server writes it.
                item.Remove("status");
                var metadata = item["metadata"]!.AsObject();
                metadata["annotations"] ??= new JsonObject();
                metadata["annotations"]![CrdMark.Annotation] = mark.ToString();
                return item;
            })
            .ToList();
        await _kubectl.ApplyAsync(marked, FieldManager, dryRun: true, cancellation);
        await _kubectl.ApplyAsync(marked, FieldManager, dryRun: false, cancellation);
        if (left.Count > 0)
        {
            await _kubectl.RunAsync(
                ["annotate", Crd.Resource, .. left.Select(crd => crd.Name), "--overwrite", $"{CrdMark.Annotation}={mark}"],
                cancellation
            );
        }
    }
}
