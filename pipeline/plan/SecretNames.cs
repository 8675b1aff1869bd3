using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>
/// What looks like a secret although Terraform does not mark it as sensitive: by the name of a member, by the kind of an
/// object, or by the form of a text. A value that looks like a secret and is none is hidden too; that costs less than the
/// other mistake.
/// </summary>
internal static partial class SecretNames
{
    private static readonly HashSet<string> s_words =
    [
        "password",
        "passwords",
        "passwd",
        "passphrase",
        "pwd",
        "pass",
        "secret",
        "secrets",
        "token",
        "tokens",
        "credential",
        "credentials",
        "kubeconfig",
        "dsn",
        "htpasswd",
        "dockercfg",
        "dockerconfigjson",
    ];

    private static readonly HashSet<(string, string)> s_pairs =
    [
        ("private", "key"),
        ("api", "key"),
        ("state", "key"),
        ("access", "key"),
        ("encryption", "key"),
        ("signing", "key"),
        ("ssh", "key"),
        ("webhook", "url"),
        ("api", "url"),
        ("connection", "string"),
        ("encrypted", "data"),
    ];

    // The member is about a secret and does not have it.
    private static readonly HashSet<string> s_about =
    [
        "name",
        "names",
        "ref",
        "refs",
        "selector",
        "revision",
        "ttl",
        "seconds",
        "minutes",
        "type",
        "enabled",
        "path",
        "file",
        "namespace",
        "mounted",
    ];

    // Names of headers and of registry logins: a text is a secret, an object has settings.
    private static readonly HashSet<string> s_texts = ["auth", "authorization", "bearer"];

    /// <summary>True if the member of this name has a secret, or an object or list with secrets.</summary>
    public static bool IsSecret(string member)
    {
        var words = Words().Matches(member).Select(match => match.Value.ToLowerInvariant()).ToList();
        return words.Count > 0
            && words[0] != "existing"
            && !s_about.Contains(words[^1])
            && (words.Any(s_words.Contains) || words.Zip(words.Skip(1)).Any(s_pairs.Contains));
    }

    /// <summary>True if a text in the member of this name is a secret.</summary>
    public static bool IsSecretText(string member) => s_texts.Contains(member.ToLowerInvariant());

    /// <summary>True for a Kubernetes object whose data are secrets.</summary>
    public static bool IsSecretKind(string? kind) => kind is "Secret" or "SealedSecret";

    /// <summary>True if a text has the form of a secret: a private key, a known token, an address with a password.</summary>
    public static bool HasForm(string text) => Form().IsMatch(text);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Words();

    [GeneratedRegex(
        """
            -----BEGIN [A-Z ]*PRIVATE\ KEY
            |://[^/\s:@"]+:[^/\s@"]+@
            |\bBearer\ [A-Za-z0-9._~+/=-]{8,}
            |\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}
            |hooks\.slack\.com/services/
            |\b(gh[pousr]_|github_pat_|glpat-|xox[abpr]-|AKIA|AGE-SECRET-KEY-)[A-Za-z0-9_-]{8,}
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Form();
}
