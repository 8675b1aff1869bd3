using System.Text.Json;
using System.Text.Json.Serialization;

namespace InfraCdktf.Environments.Linode;

/// <summary>
/// Facts about Linode that are known without its API: regions and plans. They are read once from the files in
/// <c>environments/linode/facts/</c>; each file has its date and sources.
/// </summary>
public static class LinodeFacts
{
    private static readonly Lazy<IReadOnlyDictionary<string, Region>> LazyRegions = new(() =>
        Read<RegionFile>("linode-regions.json").Regions
    );
    private static readonly Lazy<PlanFile> LazyPlans = new(() => Read<PlanFile>("linode-plans.json"));

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The regions by id ("us-ord").</summary>
    public static IReadOnlyDictionary<string, Region> Regions => LazyRegions.Value;

    /// <summary>The plans of nodes, by id ("g6-dedicated-8").</summary>
    public static IReadOnlyDictionary<string, Plan> NodePlans => LazyPlans.Value.Nodes;

    /// <summary>The plans of the nodes of a managed database, by id.</summary>
    public static IReadOnlyDictionary<string, Plan> DatabasePlans => LazyPlans.Value.Databases;

    private static T Read<T>(string file)
    {
        using var stream = Open(file);
        return JsonSerializer.Deserialize<T>(stream, SnakeCase)
            ?? throw new InvalidDataException($"environments/linode/facts/{file} is empty.");
    }

    private static Stream Open(string file) =>
        typeof(LinodeFacts).Assembly.GetManifestResourceStream($"facts/{file}")
        ?? throw new InvalidOperationException(
            $"environments/linode/facts/{file} is not embedded: see EmbeddedResource in Environments.csproj."
        );

    private sealed record RegionFile([property: JsonRequired] IReadOnlyDictionary<string, Region> Regions);

    private sealed record PlanFile(
        [property: JsonRequired] IReadOnlyDictionary<string, Plan> Nodes,
        [property: JsonRequired] IReadOnlyDictionary<string, Plan> Databases
    );
}
