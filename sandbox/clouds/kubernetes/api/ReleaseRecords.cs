using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Helm's records of releases: one ConfigMap for each revision (<c>helm_driver = configmap</c>), in the form of Helm 3.19. The
/// newest revision has the release's status. Only the one before it is kept. The sandbox renders no chart, so manifests are
/// empty.
/// </summary>
internal static class ReleaseRecords
{
    private const string Prefix = "sh.helm.release.v1.";
    private const string Type = "helm_release";

    private static readonly Dictionary<string, string> _descriptions = new()
    {
        ["deployed"] = "Install complete",
        ["pending-install"] = "Initial install underway",
        ["pending-upgrade"] = "Preparing upgrade",
        ["failed"] = "Release failed",
        ["superseded"] = "Install complete",
    };

    public static IEnumerable<JsonObject> All(ApiKind kind, Transaction cloud) =>
        kind.Plural == "configmaps" ? cloud.OfType(Type).SelectMany(Revisions) : [];

    /// <summary>The release whose record has this name; null if there is none.</summary>
    public static AccountObject? Find(ApiKind kind, Transaction cloud, string? space, string name) =>
        kind.Plural == "configmaps" && name.StartsWith(Prefix, StringComparison.Ordinal)
            ? cloud
                .OfType(Type)
                .FirstOrDefault(release =>
                    release.Attributes.Text("namespace") == space && NameOf(release, Revision(release)) == name
                )
            : null;

    /// <summary>The release after a change of its newest record.</summary>
    public static AccountObject Changed(AccountObject release, JsonObject record)
    {
        var attributes = release.Attributes.DeepClone().AsObject();
        attributes["status"] = Read(record).Text("info.status");
        return release with { Attributes = attributes };
    }

    /// <summary>Removes the newest record. Without a record there is no release.</summary>
    public static void Remove(Transaction cloud, AccountObject release)
    {
        if (Revision(release) == 1)
        {
            cloud.Remove(release);
            return;
        }
        var attributes = release.Attributes.DeepClone().AsObject();
        attributes["status"] = "deployed";
        attributes["metadata"]!["revision"] = Revision(release) - 1;
        cloud.Put(release with { Attributes = attributes });
    }

    private static IEnumerable<JsonObject> Revisions(AccountObject release)
    {
        var (revision, status) = (Revision(release), release.Attributes.Text("status") ?? "deployed");
        if (revision > 1)
            yield return Record(release, revision - 1, status == "deployed" ? "superseded" : "deployed");
        yield return Record(release, revision, status);
    }

    private static JsonObject Record(AccountObject release, long revision, string status)
    {
        var (name, space) = (release.Name, release.Attributes.Text("namespace")!);
        var number = revision.ToString(CultureInfo.InvariantCulture);
        var content = new JsonObject
        {
            ["name"] = name,
            ["info"] = new JsonObject
            {
                ["first_deployed"] = "2026-01-01T00:00:00Z",
                ["last_deployed"] = "2026-01-01T00:00:00Z",
                ["deleted"] = "",
                ["description"] = _descriptions.GetValueOrDefault(status, status),
                ["status"] = status,
            },
            ["chart"] = new JsonObject { ["metadata"] = new JsonObject { ["name"] = release.Attributes.Text("metadata.chart") } },
            ["manifest"] = "",
            ["version"] = revision,
            ["namespace"] = space,
        };
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = NameOf(release, revision),
                ["namespace"] = space,
                ["creationTimestamp"] = ClusterView.Time(release.Created),
                ["uid"] = Synthetic.Uuid($"{release.Id}/{number}"),
                ["resourceVersion"] = "1",
                ["labels"] = new JsonObject
                {
                    ["modifiedAt"] = "1767225600",
                    ["name"] = name,
                    ["owner"] = "helm",
                    ["status"] = status,
                    ["version"] = number,
                },
            },
            ["data"] = new JsonObject { ["release"] = Packed(content) },
        };
    }

    private static string NameOf(AccountObject release, long revision) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{release.Name}.v{revision}");

    private static long Revision(AccountObject release) => release.Attributes.Whole("metadata.revision") ?? 1;

    private static string Packed(JsonObject content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(content.ToJsonString()));
        return Convert.ToBase64String(packed.ToArray());
    }

    private static JsonNode Read(JsonObject record)
    {
        using var packed = new MemoryStream(Convert.FromBase64String(record.Text("data.release")!));
        using var gzip = new GZipStream(packed, CompressionMode.Decompress);
        return JsonNode.Parse(gzip)!;
    }
}
