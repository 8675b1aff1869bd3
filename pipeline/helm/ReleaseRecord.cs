using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Helm;

/// <summary>
/// Helm's record of one revision of a release: a ConfigMap (<c>helm_driver = configmap</c>) whose <c>data.release</c> is base64
/// of gzip of JSON (Helm 3.19).
/// </summary>
public sealed class ReleaseRecord
{
    private readonly JsonObject _object;
    private readonly JsonObject _content;

    private ReleaseRecord(JsonObject @object, JsonObject content) => (_object, _content) = (@object, content);

    /// <summary>The name of the ConfigMap.</summary>
    public string Name => _object["metadata"]!["name"]!.GetValue<string>();

    /// <summary>The namespace of the release and of its records.</summary>
    public string Namespace => _object["metadata"]!["namespace"]!.GetValue<string>();

    /// <summary>The name of the release.</summary>
    public string Release => Label("name");

    /// <summary>The revision, from 1.</summary>
    public int Revision => int.Parse(Label("version"), CultureInfo.InvariantCulture);

    /// <summary>
    /// The status: deployed, superseded, failed, pending-install, pending-upgrade, pending-rollback, uninstalling.
    /// </summary>
    public string Status => Label("status");

    /// <summary>When the record was written first; null if it has no time.</summary>
    public DateTimeOffset? Created =>
        DateTimeOffset.TryParse(
            _object["metadata"]!["creationTimestamp"]?.GetValue<string>(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var created
        )
            ? created
            : null;

    /// <summary>When the operation began; null if the record has no time.</summary>
    public DateTimeOffset? Began =>
        DateTimeOffset.TryParse(
            _content["info"]?["last_deployed"]?.GetValue<string>(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var began
        )
            ? began
            : null;

    /// <summary>
    /// The manifests of the release's objects and of its hooks, as YAML documents. An object that the chart keeps on an uninstall
    /// is not among them.
    /// </summary>
    public IReadOnlyList<string> Manifests =>
        [
            .. ((string?)_content["manifest"] ?? "")
                .Split("\n---", StringSplitOptions.TrimEntries)
                .Select(document => document.StartsWith("---", StringComparison.Ordinal) ? document[3..] : document)
                .Concat((_content["hooks"] as JsonArray ?? []).Select(hook => (string?)hook?["manifest"] ?? ""))
                .Where(document => document.Contains("kind:", StringComparison.Ordinal))
                .Where(document => !document.Contains("helm.sh/resource-policy", StringComparison.Ordinal)),
        ];

    /// <summary>Reads a record.</summary>
    /// <exception cref="PipelineException">The object is not a record of Helm 3.</exception>
    public static ReleaseRecord Read(JsonObject @object)
    {
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(@object["data"]!["release"]!.GetValue<string>()));
            using var gzip = new GZipStream(packed, CompressionMode.Decompress);
            var record = new ReleaseRecord(@object, JsonNode.Parse(gzip)!.AsObject());
            return record is { Name: not null, Namespace: not null, Release: not null, Revision: > 0, Status: not null }
                ? record
                : throw new FormatException();
        }
        catch (Exception exception)
            when (exception
                    is FormatException
                        or InvalidDataException
                        or JsonException
                        or InvalidOperationException
                        or NullReferenceException
            )
        {
            // The content may have secret values, so it is not quoted.
            throw new PipelineException(
                $"ConfigMap {@object["metadata"]?["namespace"]}/{@object["metadata"]?["name"]}: given a label owner=helm, but no "
                    + "record of a release; allowed: records of Helm 3. Look at it with \"helm list --all --all-namespaces\"."
            );
        }
    }

    /// <summary>The changes that make this record that of a failed operation: a merge patch.</summary>
    /// <param name="description">Why, for <c>helm history</c>.</param>
    public JsonObject AsFailed(string description)
    {
        const string failed = "failed";
        var content = _content.DeepClone().AsObject();
        content["info"]!["status"] = failed;
        content["info"]!["description"] = description;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Encoding.UTF8.GetBytes(content.ToJsonString()));
        return new()
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["status"] = failed } },
            ["data"] = new JsonObject { ["release"] = Convert.ToBase64String(packed.ToArray()) },
        };
    }

    private string Label(string name) => _object["metadata"]!["labels"]![name]!.GetValue<string>();
}
