using System.Text.Json.Nodes;
using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Helm.Release;

namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>Input of a construct that is one named set of objects, such as <c>AdmissionPolicies</c>.</summary>
public sealed record ManifestSetProps
{
    /// <summary>The namespace of the release record.</summary>
    public required string Namespace { get; init; }

    /// <summary>The complete objects, as the API server accepts them.</summary>
    public required IReadOnlyList<JsonObject> Objects { get; init; }

    /// <summary>The resources that must exist before.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>Input of <see cref="Manifests"/>.</summary>
public sealed record ManifestsProps
{
    /// <summary>The release's name, unique in its namespace.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace of the release record.</summary>
    public required string Namespace { get; init; }

    /// <summary>The complete objects, as the API server accepts them.</summary>
    public required IReadOnlyList<JsonObject> Objects { get; init; }

    /// <summary>The resources that must exist before, such as the release that installs the objects' CRDs.</summary>
    public IReadOnlyList<ITerraformDependable> DependsOn { get; init; } = [];
}

/// <summary>
/// Objects without a typed resource (custom resources, admission policies) in a Helm release of the chart
/// <c>charts/manifests</c>: <c>kubernetes_manifest</c> would need the API server and the CRD at plan time. The values contain the
/// objects unchanged, so a snapshot shows them whole.
/// </summary>
public class Manifests : Construct
{
    /// <summary>Creates the release of one set of objects. Its name is the id.</summary>
    protected Manifests(Construct scope, string id, ManifestSetProps props)
        : this(
            scope,
            id,
            new ManifestsProps
            {
                Name = id,
                Namespace = props.Namespace,
                Objects = props.Objects,
                DependsOn = props.DependsOn,
            }
        ) { }

    /// <summary>Creates the release.</summary>
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
        Resource = new Release(
            this,
            "release",
            new ReleaseConfig
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

    /// <summary>The resource, for the <c>depends_on</c> of others.</summary>
    public ITerraformDependable Resource { get; }

    /// <summary>
    /// The chart. The build copies it to the program's directory, so that synthesis does not depend on the working directory.
    /// </summary>
    private static string ChartFolder => Path.Combine(AppContext.BaseDirectory, "charts", "manifests");
}
