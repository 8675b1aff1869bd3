using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>A token of the API server for a ServiceAccount.</summary>
/// <param name="Account">The ServiceAccount.</param>
/// <param name="Text">The token itself: a secret.</param>
/// <param name="Expires">When it expires.</param>
public sealed record AccessToken(string Account, string Text, DateTimeOffset Expires)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <inheritdoc/>
    public override string ToString() => $"{Account} until {Until(Expires)}";

    /// <summary>Requests a token (TokenRequest). The API server may shorten the lifetime.</summary>
    /// <param name="kubectl">The cluster.</param>
    /// <param name="space">The ServiceAccount's namespace.</param>
    /// <param name="account">The ServiceAccount.</param>
    /// <param name="lifetime">The requested lifetime; at least ten minutes.</param>
    /// <param name="secret">The Secret that the token is bound to, by name and uid; deleting the Secret revokes the
    /// token.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public static async Task<AccessToken> RequestAsync(
        Kubectl kubectl,
        string space,
        string account,
        TimeSpan lifetime,
        (string Name, string Uid)? secret,
        CancellationToken cancellation
    )
    {
        string[] bound = secret is { } to
            ? ["--bound-object-kind", "Secret", "--bound-object-name", to.Name, "--bound-object-uid", to.Uid]
            : [];
        var seconds = lifetime.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        var answer = await kubectl.JsonAsync(
            ["create", "token", account, "--namespace", space, "--duration", $"{seconds}s", .. bound],
            cancellation
        );
        return new(
            account,
            (string)answer["status"]!["token"]!,
            DateTimeOffset.Parse((string)answer["status"]!["expirationTimestamp"]!, CultureInfo.InvariantCulture)
        );
    }

    /// <summary>
    /// Writes a kubeconfig with this token, for one namespace of the cluster in the caller's own kubeconfig. Only the owner can
    /// read the file (0600). The file is written completely or not at all; an existing file is replaced.
    /// </summary>
    public async Task WriteKubeconfigAsync(Kubectl kubectl, string space, string file, CancellationToken cancellation)
    {
        var caller = await kubectl.JsonAsync(["config", "view", "--raw", "--flatten", "--minify"], cancellation);
        var cluster = caller["clusters"]![0]!;
        var name = (string)cluster["name"]!;
        var kubeconfig = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(cluster.DeepClone()),
            ["users"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = Account,
                    ["user"] = new JsonObject { ["token"] = Text },
                }
            ),
            ["contexts"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = $"{Account}@{space}",
                    ["context"] = new JsonObject
                    {
                        ["cluster"] = name,
                        ["user"] = Account,
                        ["namespace"] = space,
                    },
                }
            ),
            ["current-context"] = $"{Account}@{space}",
        };
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = $"{file}.{Guid.NewGuid():N}";
        await using (var stream = PrivateFiles.Create(draft))
            await JsonSerializer.SerializeAsync(stream, kubeconfig, _indented, cancellation);
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>A time as text for people, in UTC.</summary>
    public static string Until(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
