using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// The secrets of a plan, and a copy of each value of the plan without them. A secret is: what Terraform marks as sensitive,
/// the value of a sensitive variable, what the caller names, and what looks like a secret (<see cref="SecretNames"/>). Every
/// text that contains one, also in base64, is hidden wherever it is: a secret may have been copied into an attribute that is
/// not sensitive.
/// </summary>
internal sealed class PlanSecrets
{
    /// <summary>A shorter secret is hidden only where it is the whole text: "admin" is part of too many words.</summary>
    public const int ShortestPart = 6;

    // The text of a member that only looks like a secret is searched for elsewhere from this length on.
    private const int ShortestLookalike = 8;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly List<string> _parts = [];
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(32);

    private PlanSecrets() { }

    /// <summary>Collects the secrets of a plan.</summary>
    /// <param name="plan"><c>terraform show -json</c> of a saved plan.</param>
    /// <param name="known">Secrets that the caller knows, such as those in variables of the environment.</param>
    public static PlanSecrets Of(JsonObject plan, IEnumerable<string> known)
    {
        var secrets = new PlanSecrets();
        foreach (var text in known)
            secrets.Add(text);
        foreach (var list in new[] { "resource_changes", "resource_drift" })
        foreach (var resource in plan[list] as JsonArray ?? [])
            secrets.Collect(resource?["change"]);
        foreach (var (_, output) in plan["output_changes"] as JsonObject ?? [])
            secrets.Collect(output);
        var declared = plan["configuration"]?["root_module"]?["variables"];
        foreach (var (name, variable) in plan["variables"] as JsonObject ?? [])
            if (SecretNames.IsSecret(name) || IsTrue(declared?[name]?["sensitive"]))
                secrets.AddAll(variable?["value"]);
        foreach (var values in new[] { plan["planned_values"], plan["prior_state"]?["values"] })
        {
            foreach (var resource in values?["root_module"]?["resources"] as JsonArray ?? [])
                secrets.Collect(resource?["values"], resource?["sensitive_values"]);
            foreach (var (_, output) in values?["outputs"] as JsonObject ?? [])
                secrets.Collect(output?["value"], output?["sensitive"]);
        }
        secrets._parts.AddRange(
            secrets
                ._texts.Where(text => text.Length >= ShortestPart)
                .SelectMany(text => new[] { text, Quoted(text), Uri.EscapeDataString(text) })
                .Distinct(StringComparer.Ordinal)
        );
        return secrets;
    }

    /// <summary>True if a text contains a secret, or looks like one.</summary>
    public bool IsIn(string text) =>
        (text.Length > 2 && _texts.Contains(text)) || HasPart(text) || SecretNames.HasForm(text) || IsEncodedIn(text);

    /// <summary>A text of one line without secrets: unchanged, or the words for a secret.</summary>
    public string Clean(string text) => IsIn(text) ? PlanValue.Sensitive : text;

    /// <summary>
    /// A copy of a value without secrets, with a mark in the place of each. JSON in a text becomes JSON, so that a difference in
    /// it can be shown.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="sensitive">What Terraform marks in it: true, or an object or list of the same shape.</param>
    /// <param name="unknown">What is known only after the apply, in the same form; null for nothing.</param>
    public JsonNode? Mask(JsonNode? value, JsonNode? sensitive, JsonNode? unknown = null) =>
        Mask(value, sensitive, unknown, marked: false);

    private JsonNode? Mask(JsonNode? value, JsonNode? sensitive, JsonNode? unknown, bool marked)
    {
        if (IsTrue(sensitive))
            return Hide(value, unknown);
        if (IsTrue(unknown))
            return PlanValue.NotKnown();
        return value switch
        {
            JsonObject fields => MaskFields(fields, sensitive, unknown, marked),
            JsonArray items => new JsonArray([
                .. items.Select((item, index) => Mask(item, At(sensitive, index), At(unknown, index), marked)),
            ]),
            JsonValue one when one.TryGetValue(out string? text) => MaskText(text, marked),
            JsonValue one when one.GetValueKind() == JsonValueKind.Number => marked || _texts.Contains(one.ToJsonString())
                ? Hide(one)
                : one.DeepClone(),
            null when unknown is JsonObject { Count: > 0 } inside => MaskFields([], sensitive, inside, marked),
            _ => value?.DeepClone(),
        };
    }

    private JsonObject MaskFields(JsonObject fields, JsonNode? sensitive, JsonNode? unknown, bool marked)
    {
        var isSecret = SecretNames.IsSecretKind((fields["kind"] as JsonValue)?.ToString());
        var isPair = fields["name"] is JsonValue name && SecretNames.IsSecret(name.ToString());
        var masked = new JsonObject();
        foreach (var member in fields.Select(field => field.Key).Union((unknown as JsonObject ?? []).Select(field => field.Key)))
        {
            var value = fields[member];
            var isMarked =
                marked
                || (SecretNames.IsSecret(member) && !IsAmount(member, value))
                || (isSecret && member is "data" or "stringData")
                || (isPair && member == "value")
                || (SecretNames.IsSecretText(member) && value is JsonValue);
            var shown = Clean(member);
            masked[masked.ContainsKey(shown) ? $"{shown} {masked.Count}" : shown] = Mask(
                value,
                (sensitive as JsonObject)?[member],
                (unknown as JsonObject)?[member],
                isMarked
            );
        }
        return masked;
    }

    // "secrets: 100" of a quota is a number of Secrets.
    private static bool IsAmount(string member, JsonNode? value) =>
        member == "secrets" && value is JsonValue && value.ToString() is { Length: <= 5 } text && text.All(char.IsAsciiDigit);

    private JsonNode MaskText(string text, bool marked)
    {
        if (text.Length == 0)
            return text;
        if (marked)
            return Hide(text);
        if (Parse(text) is { } inside)
            return Mask(inside, null, null, marked: false)!;
        return IsIn(text) ? Hide(text) : text;
    }

    private JsonNode Hide(JsonNode? value, JsonNode? unknown = null) =>
        PlanValue.Hidden(
            Convert.ToHexString(
                HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes($"{value?.ToJsonString()}{unknown?.ToJsonString()}"))
            )
        );

    private static JsonNode? Parse(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.Length < 2 || start[0] is not ('{' or '['))
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Collect(JsonNode? change)
    {
        Collect(change?["before"], change?["before_sensitive"]);
        Collect(change?["after"], change?["after_sensitive"]);
    }

    private void Collect(JsonNode? value, JsonNode? sensitive)
    {
        if (IsTrue(sensitive))
        {
            AddAll(value);
            return;
        }
        switch (value)
        {
            case JsonObject fields:
                foreach (var (name, inside) in fields)
                {
                    // A list below such a name often has names of Secrets; it is hidden, but not searched for elsewhere.
                    if (SecretNames.IsSecret(name) && inside is JsonValue)
                        AddAll(inside, ShortestLookalike);
                    Collect(inside, (sensitive as JsonObject)?[name]);
                }
                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                    Collect(items[index], At(sensitive, index));
                break;
            case JsonValue one when one.TryGetValue(out string? text) && Parse(text) is { } inside:
                Collect(inside, null);
                break;
        }
    }

    private void AddAll(JsonNode? value, int shortest = 1)
    {
        switch (value)
        {
            case JsonObject fields:
                foreach (var (_, inside) in fields)
                    AddAll(inside, shortest);
                break;
            case JsonArray items:
                foreach (var inside in items)
                    AddAll(inside, shortest);
                break;
            case JsonValue one when one.TryGetValue(out string? text) && text.Length >= shortest:
                Add(text);
                break;
            case JsonValue one when one.GetValueKind() == JsonValueKind.Number && one.ToJsonString().Length >= 4:
                Add(one.ToJsonString());
                break;
        }
    }

    private void Add(string text)
    {
        if (text.Length == 0)
            return;
        _texts.Add(text);
        _texts.Add(text.Trim());
        _texts.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
        if (Decoded(text) is { } decoded)
            _texts.Add(decoded);
    }

    private bool HasPart(string text) => _parts.Any(part => text.Contains(part, StringComparison.Ordinal));

    // A login of a registry is base64 of name and password.
    private bool IsEncodedIn(string text) =>
        text.Length >= ShortestPart && text.Length % 4 == 0 && Decoded(text) is { } decoded && HasPart(decoded);

    private static string? Decoded(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text)[1..^1];

    private static JsonNode? At(JsonNode? marks, int index) => marks is JsonArray list && index < list.Count ? list[index] : null;

    private static bool IsTrue(JsonNode? mark) => mark is JsonValue value && value.TryGetValue(out bool isTrue) && isTrue;
}
