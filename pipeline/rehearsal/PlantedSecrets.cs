using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using InfraCdktf.Pipeline.Terraform;

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
    private readonly IReadOnlyList<KeyValuePair<string, string>> _planted;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<byte[]> Forms)> _hunted;

    /// <summary>Plants one in each ephemeral variable.</summary>
    public PlantedSecrets(IEnumerable<StackDirectory> stacks)
        : this(Plant(stacks), []) { }

    private PlantedSecrets(IReadOnlyList<KeyValuePair<string, string>> planted, IEnumerable<KeyValuePair<string, string>> others)
    {
        _planted = planted;
        _hunted = [.. planted.Concat(others).Select(secret => (secret.Key, (IReadOnlyList<byte[]>)[.. Forms(secret.Value)]))];
    }

    /// <summary>How many there are.</summary>
    public int Count => _hunted.Count;

    /// <summary>The planted values as Terraform takes them.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        _planted.Select(secret => KeyValuePair.Create($"TF_VAR_{secret.Key}", secret.Value));

    /// <summary>The same, and values that others made, such as what providers put into a state.</summary>
    /// <param name="others">A name and a value each; values that are too short to be a secret would be found by chance.</param>
    public PlantedSecrets With(IEnumerable<KeyValuePair<string, string>> others) => new(_planted, others);

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
                .SelectMany(file => Find(Path.GetRelativePath(directory, file), File.ReadAllBytes(file))),
        ];

    /// <summary>Searches one text.</summary>
    public IReadOnlyList<SecretFound> Find(string place, string text) => Find(place, Encoding.UTF8.GetBytes(text));

    /// <summary>Searches one content, with what is packed in it.</summary>
    public IReadOnlyList<SecretFound> Find(string place, byte[] content) =>
        [
            .. Unpacked(place, content)
                .SelectMany(part =>
                    _hunted
                        .Where(secret => secret.Forms.Any(form => part.Content.AsSpan().IndexOf(form) >= 0))
                        .Select(secret => new SecretFound(secret.Name, part.Place))
                ),
        ];

    // A saved plan is a zip file, an archived configuration is gzip.
    private static IEnumerable<(string Place, byte[] Content)> Unpacked(string place, byte[] content)
    {
        yield return (place, content);
        if (content.AsSpan().StartsWith("PK\u0003\u0004"u8))
        {
            using var archive = new ZipArchive(new MemoryStream(content));
            foreach (var entry in archive.Entries)
            {
                using var stream = entry.Open();
                yield return ($"{place}:{entry.FullName}", Read(stream));
            }
        }
        else if (content is [0x1f, 0x8b, ..])
        {
            using var stream = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            yield return ($"{place}:unpacked", Read(stream));
        }
    }

    // One random word for the run, so that another run's values are no find.
    private static IReadOnlyList<KeyValuePair<string, string>> Plant(IEnumerable<StackDirectory> stacks)
    {
        var mark = $"planted-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}-";
        return
        [
            .. stacks
                .SelectMany(stack => stack.Variables)
                .Where(variable => variable.Ephemeral)
                .Select(variable => variable.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(name => KeyValuePair.Create(name, $"{mark}{name}-")),
        ];
    }

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

    private static byte[] Read(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
