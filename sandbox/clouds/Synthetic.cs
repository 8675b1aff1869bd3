using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>Generates values that only a real cloud would know. The same seed and path give the same value.</summary>
internal static class Synthetic
{
    /// <summary>A value of a type. A string contains the attribute's name.</summary>
    public static JsonNode? Of(TerraformType type, string seed, string place)
    {
        var number = Number($"{seed}|{place}");
        return type switch
        {
            PrimitiveType { Name: "string" } => Text(place[(place.LastIndexOf('.') + 1)..], number),
            PrimitiveType { Name: "number" } => 1 + (long)(number % 90_000_000),
            PrimitiveType { Name: "bool" } => false,
            CollectionType { Kind: "map" } => new JsonObject(),
            CollectionType => new JsonArray(),
            ObjectType fields => new JsonObject(
                fields.Attributes.Select(f => KeyValuePair.Create(f.Key, Of(f.Value, seed, $"{place}.{f.Key}")))
            ),
            _ => null,
        };
    }

    /// <summary>A number that depends only on the text.</summary>
    public static ulong Number(string text) => BitConverter.ToUInt64(Hash(text));

    /// <summary>A UUID in the style of version 4 that depends only on the text.</summary>
    public static string Uuid(string text) => new Guid(Hash(text).AsSpan(0, 16)).ToString();

    /// <summary>Hexadecimal digits that depend only on the text.</summary>
    public static string Hex(string text, int length) => Convert.ToHexStringLower(Hash(text))[..length];

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string Text(string name, ulong number) =>
        name switch
        {
            "created" or "updated" => "2026-01-01T00:00:00",
            _ when name.Contains("ipv6") => string.Create(CultureInfo.InvariantCulture, $"2001:db8::{number % 0xffff:x}"),
            _ when name.Contains("ipv4") || name.Contains("ip_address") => $"192.0.2.{1 + (number % 254)}",
            _ when name.EndsWith("url") => $"https://{number % 0xffffff:x6}.sandbox.invalid",
            _ => $"sandbox-{name}-{number % 0xffffff:x6}",
        };
}
