using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Access;

/// <summary>A token that the API server gave for a ServiceAccount, for as long as its answer says.</summary>
/// <param name="Account">The ServiceAccount.</param>
/// <param name="Text">The token itself: a secret.</param>
/// <param name="Expires">When it ends.</param>
public sealed record AccessToken(string Account, string Text, DateTimeOffset Expires)
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <inheritdoc/>
    public override string ToString() => $"{Account} until {Until(Expires)}";

    /// <summary>Asks for one (TokenRequest). The API server may shorten what is asked for.</summary>
    /// <param name="kubectl">The cluster.</param>
    /// <param name="space">The ServiceAccount's namespace.</param>
    /// <param name="account">The ServiceAccount.</param>
    /// <param name="lifetime">How long it is to live; at least ten minutes.</param>
    /// <param name="secret">The Secret it is bound to, by name and uid: deleting that revokes the token.</param>
    /// <param name="cancellation">Ends the call.</param>
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
    /// Writes a kubeconfig with this token, for one namespace of the cluster that the caller's own kubeconfig names. The file is its owner's alone (0600)
    /// and there at once or not at all; one that is there is replaced.
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

    /// <summary>A moment, for people.</summary>
    public static string Until(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
