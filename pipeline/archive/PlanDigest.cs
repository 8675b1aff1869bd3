using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>Says which plan was applied, without saying what is in it.</summary>
public static class PlanDigest
{
    // What a plan does. The rest of the document repeats it, or differs from run to run (timestamp).
    private static readonly string[] _parts = ["terraform_version", "resource_changes", "output_changes"];

    /// <summary>SHA-256, in hex, over what the plan changes, with names in one order.</summary>
    /// <param name="plan">What <c>terraform show -json</c> says of a saved plan.</param>
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
