using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Behaviour;

/// <summary>
/// Checks the allowed values of attributes whose facts only say "validated" (their validator is code, not data). A path is
/// matched from its end, because a pod template is nested at many places.
/// </summary>
/// <param name="words">Allowed values by the end of a path ("spec.type"). The longest matching end is used.</param>
internal sealed class WordCheck(IReadOnlyDictionary<string, string[]> words)
{
    public IEnumerable<Problem> Run(BodySchema body, JsonObject config) => Walk(body, config, ValuePath.Root);

    private IEnumerable<Problem> Walk(BodySchema body, JsonObject value, ValuePath path)
    {
        foreach (var (name, given) in value)
        {
            var at = path.Name(name);
            if (body.Nested(name) is { } nested)
            {
                var elements = given is JsonArray list ? list.ToList() : [given];
                for (var i = 0; i < elements.Count; i++)
                    if (elements[i] is JsonObject element)
                        foreach (var problem in Walk(nested.Body, element, nested.Mode == "list" ? at.At(i) : at))
                            yield return problem;
            }
            else if (given is JsonValue word && Allowed(at.ToString()) is { } allowed && !allowed.Contains(word.ToString()))
            {
                var list = string.Join(' ', allowed.Select(a => $"\"{a}\""));
                yield return new Problem(at, $"expected {string.Join('.', at.Steps)} to be one of [{list}], got {word}");
            }
        }
    }

    private string[]? Allowed(string path) =>
        words
            .Where(w => path == w.Key || path.EndsWith("." + w.Key, StringComparison.Ordinal))
            .OrderByDescending(w => w.Key.Length)
            .Select(w => w.Value)
            .FirstOrDefault();
}
