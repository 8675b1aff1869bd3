using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>A digest that identifies a plan without showing its content.</summary>
public static class PlanDigest
{
    // The changes of a plan. The rest of the document repeats them, or differs from run to run (timestamp).
    private static readonly string[] _parts = ["terraform_version", "resource_changes", "output_changes"];

    /// <summary>SHA-256, in hex, of the plan's changes, with the names sorted.</summary>
    /// <param name="plan">The output of <c>terraform show -json</c> for a saved plan.</param>
    public static string Of(JsonObject plan)
    {
        var changes = new JsonObject(_parts.Select(part => KeyValuePair.Create(part, Sorted(plan[part]))));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(changes.ToJsonString())));
    }

    private static JsonNode? Sorted(JsonNode? node) =>
        node switch
        {
            JsonObject named => new JsonObject(
                named
                    .OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Sorted)]),
            _ => node?.DeepClone(),
        };
}
