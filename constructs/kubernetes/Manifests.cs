using System.Text.Json.Nodes;
using Constructs;
using HashiCorp.Cdktf;
using ReleaseResource = HashiCorp.Cdktf.Providers.Helm.Release.Release;
using ReleaseResourceConfig = HashiCorp.Cdktf.Providers.Helm.Release.ReleaseConfig;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>What <see cref="Manifests"/> needs.</summary>
public sealed record ManifestsProps
{
    /// <summary>The release's name, unique in the namespace.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace the release is recorded in.</summary>
    public required string Namespace { get; init; }

    /// <summary>The complete objects, as the API server takes them.</summary>
    public required IReadOnlyList<JsonObject> Objects { get; init; }

    /// <summary>What must be there before: what installs the objects' CRDs.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>
/// Objects that have no typed resource (custom resources, admission policies), through our own chart: <c>kubernetes_manifest</c> would need the API
/// server and the CRD at plan time. The objects stand in the values as they are, so a snapshot shows them whole.
/// </summary>
public sealed class Manifests : Construct
{
    /// <summary>Makes the release.</summary>
    public Manifests(Construct scope, string id, ManifestsProps props)
        : base(scope, id)
    {
        Kinds = [.. props.Objects.Select(manifest => manifest["kind"]!.GetValue<string>()).Distinct()];
        var chart = new TerraformAsset(
            this,
            "chart",
            new TerraformAssetConfig { Path = ChartFolder, Type = AssetType.DIRECTORY }
        );
        var values = new JsonObject
        {
            ["manifests"] = new JsonArray([.. props.Objects.Select(manifest => manifest.DeepClone())]),
        };
        Resource = new ReleaseResource(
            this,
            "release",
            new ReleaseResourceConfig
            {
                Name = props.Name,
                Namespace = props.Namespace,
                Chart = chart.Path,
                Values = [TerraformText.Json(values)],
                Atomic = true,
                CleanupOnFail = true,
                Wait = true,
                Timeout = 300,
                MaxHistory = 5,
                DependsOn = props.DependsOn.Count > 0 ? [.. props.DependsOn] : null,
            }
        );
    }

    /// <summary>The kinds of the objects.</summary>
    public IReadOnlyList<string> Kinds { get; }

    /// <summary>The resource, for others to wait for.</summary>
    public ITerraformDependable Resource { get; }

    /// <summary>The chart, copied beside the program by the build, so that synthesis does not depend on the working directory.</summary>
    private static string ChartFolder => Path.Combine(AppContext.BaseDirectory, "charts", "manifests");
}
