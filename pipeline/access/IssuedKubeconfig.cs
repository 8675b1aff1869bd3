using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// A kubeconfig file on this machine with the token of a ServiceAccount. The claims are read from the token; their signature is
/// not checked, because only the API server can do that.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="User">The user name of the account: <c>system:serviceaccount:{namespace}:{account}</c>.</param>
/// <param name="Secret">The Secret that the token is bound to; null if it is bound to the account only.</param>
/// <param name="Expires">When the token expires.</param>
public sealed record IssuedKubeconfig(string File, string User, string? Secret, DateTimeOffset Expires)
{
    /// <summary>The directory of the files that this program writes, if no other is named.</summary>
    public static string DirectoryOf(Workspace workspace) => Path.Combine(workspace.Files, "outputs", "kubeconfig");

    /// <summary>
    /// Reads the named files and those of the directory, each once. A file that does not exist, is no kubeconfig or has no token
    /// of a ServiceAccount is left out.
    /// </summary>
    public static async Task<IReadOnlyList<IssuedKubeconfig>> ReadAsync(
        Workspace workspace,
        IEnumerable<string> files,
        CancellationToken cancellation
    )
    {
        var directory = DirectoryOf(workspace);
        var found = new List<IssuedKubeconfig>();
        foreach (
            var file in files
                .Select(file => Path.GetFullPath(file, workspace.Directory))
                .Concat(Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal) : [])
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (System.IO.File.Exists(file) && await ReadAsync(workspace, file, cancellation) is { } issued)
                found.Add(issued);
        }
        return found;
    }

    /// <summary>Asks the API server of the file whether it accepts the token.</summary>
    /// <returns>True or false; null and the reason if it could not be asked.</returns>
    public async Task<(bool? Accepted, string Reason)> AskAsync(Workspace workspace, CancellationToken cancellation)
    {
        var answer = await Kubectl.With(workspace, File).ResultAsync(["auth", "whoami", "--output", "json"], cancellation);
        return answer.ExitCode == 0 ? (true, "")
            : answer.Error.Contains("(Unauthorized)", StringComparison.Ordinal) ? (false, "")
            : (null, answer.Error.Trim());
    }

    private static async Task<IssuedKubeconfig?> ReadAsync(Workspace workspace, string file, CancellationToken cancellation)
    {
        var view = await Kubectl
            .With(workspace, file)
            .ResultAsync(["config", "view", "--raw", "--minify", "--output", "json"], cancellation);
        return
            view.ExitCode == 0
            && (string?)JsonNode.Parse(view.Output)?["users"]?[0]?["user"]?["token"] is { } token
            && Claims(token) is { } claims
            && (string?)claims["sub"] is { } user
            && (long?)claims["exp"] is { } expires
            ? new(file, user, (string?)claims["kubernetes.io"]?["secret"]?["name"], DateTimeOffset.FromUnixTimeSeconds(expires))
            : null;
    }

    private static JsonObject? Claims(string token)
    {
        try
        {
            return token.Split('.') is [_, var claims, _]
                ? JsonNode.Parse(Base64Url.DecodeFromChars(claims)) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null; // another kind of token
        }
    }
}
