using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Rehearsal;

/// <summary>A place where a planted secret was found; it never has the value.</summary>
/// <param name="Variable">The variable that has the secret.</param>
/// <param name="Place">The file or other place.</param>
public sealed record SecretFound(string Variable, string Place);

/// <summary>
/// A recognisable random value for every ephemeral variable of the stacks, and the search for these values in all output of a
/// run: no plan, state or log may contain a secret. The search finds a value as plain text and in base64, also inside longer
/// base64 and inside saved plans (zip files).
/// </summary>
public sealed class PlantedSecrets
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _planted;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<byte[]> Forms)> _searched;

    /// <summary>Plants a secret in each ephemeral variable.</summary>
    public PlantedSecrets(IEnumerable<StackDirectory> stacks)
        : this(Plant(stacks), []) { }

    private PlantedSecrets(IReadOnlyList<KeyValuePair<string, string>> planted, IEnumerable<KeyValuePair<string, string>> others)
    {
        _planted = planted;
        _searched = [.. planted.Concat(others).Select(secret => (secret.Key, (IReadOnlyList<byte[]>)[.. Forms(secret.Value)]))];
    }

    /// <summary>The number of secrets.</summary>
    public int Count => _searched.Count;

    /// <summary>The planted values as environment variables for Terraform.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        _planted.Select(secret => KeyValuePair.Create($"TF_VAR_{secret.Key}", secret.Value));

    /// <summary>The same secrets and further ones, such as values that providers put into a state.</summary>
    /// <param name="others">Names and values; a value that is too short to be a secret would be found by chance.</param>
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

    /// <summary>Searches one content, and the files inside it if it is an archive.</summary>
    public IReadOnlyList<SecretFound> Find(string place, byte[] content) =>
        [
            .. Unpacked(place, content)
                .SelectMany(part =>
                    _searched
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

    // A random prefix for the run, so that values of another run are not found.
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

    /// <summary>
    /// The text, and for each of the three alignments the part of its base64 that does not depend on adjacent text.
    /// </summary>
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
