using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>Where a planted secret was found; never the value.</summary>
/// <param name="Variable">The variable it was given to.</param>
/// <param name="Place">The file, or what else holds it.</param>
public sealed record SecretFound(string Variable, string Place);

/// <summary>
/// A recognisable random value for every ephemeral variable of the stacks, and the search for them in everything that a run leaves
/// behind (NFR-002: no secret in a plan, a state, a log). Found are the value as it is and in base64, also inside longer base64 and inside saved plans (zip files).
/// </summary>
public sealed class PlantedSecrets
{
    // One random word for the run: what does not hold it holds no value.
    private readonly string _mark = $"planted-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}-";
    private readonly IReadOnlyList<string> _variables;

    /// <summary>Plants one in each ephemeral variable.</summary>
    public PlantedSecrets(IEnumerable<StackDirectory> stacks) =>
        _variables = [
            .. stacks
                .SelectMany(stack => stack.Variables)
                .Where(variable => variable.Ephemeral)
                .Select(variable => variable.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>How many there are.</summary>
    public int Count => _variables.Count;

    /// <summary>The values as Terraform takes them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        _variables.Select(variable => KeyValuePair.Create($"TF_VAR_{variable}", Value(variable)));

    /// <summary>Searches every file below a directory.</summary>
    public IReadOnlyList<SecretFound> FindInFiles(string directory) =>
        [
            .. Directory
                .EnumerateFiles(
                    directory,
                    "*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
                )
                .Order(StringComparer.Ordinal)
                .SelectMany(file => FindInFile(file, Path.GetRelativePath(directory, file))),
        ];

    /// <summary>Searches one text.</summary>
    public IReadOnlyList<SecretFound> Find(string place, string text) => Find(place, Encoding.UTF8.GetBytes(text));

    private IEnumerable<SecretFound> FindInFile(string file, string place)
    {
        var content = File.ReadAllBytes(file);
        if (!content.AsSpan().StartsWith("PK\u0003\u0004"u8))
            return Find(place, content);
        using var archive = new ZipArchive(new MemoryStream(content));
        return [.. archive.Entries.SelectMany(entry => Find($"{place}:{entry.FullName}", Read(entry)))];
    }

    private IReadOnlyList<SecretFound> Find(string place, byte[] content) =>
        Forms(_mark).Any(form => content.AsSpan().IndexOf(form) >= 0)
            ?
            [
                .. _variables
                    .Where(variable => Forms(Value(variable)).Any(form => content.AsSpan().IndexOf(form) >= 0))
                    .Select(name => new SecretFound(name, place)),
            ]
            : [];

    private string Value(string variable) => $"{_mark}{variable}-";

    /// <summary>The text, and the part of its base64 that does not depend on what stands beside it, for each of the three alignments.</summary>
    private static IEnumerable<byte[]> Forms(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return bytes;
        for (var before = 0; before < 3; before++)
        {
            var encoded = Convert.ToBase64String([.. new byte[before], .. bytes]);
            var start = (before * 8 + 5) / 6;
            var end = (before + bytes.Length) * 8 / 6;
            yield return Encoding.ASCII.GetBytes(encoded[start..end]);
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
