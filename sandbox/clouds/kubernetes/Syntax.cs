using System.Text.RegularExpressions;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes;

/// <summary>
/// Checks names, labels and annotations as k8s.io/apimachinery/pkg/util/validation does. The result is the error; null: valid.
/// </summary>
internal static partial class Syntax
{
    private const string LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
        + "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string QualifiedRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    /// <summary>Checks the name of an object of a kind.</summary>
    public static string? Name(string plural, string name) =>
        plural switch
        {
            "namespaces" or "services" => Label(name),
            "roles" or "rolebindings" or "clusterroles" or "clusterrolebindings" => name is "." or ".."
            || name.Contains('/')
            || name.Contains('%')
                ? "may not be '.', '..' or contain '/' or '%'"
                : null,
            _ => Subdomain(name),
        };

    public static string? Label(string text) =>
        text.Length > 63 ? "must be no more than 63 characters"
        : LabelSyntax().IsMatch(text) ? null
        : LabelRule;

    public static string? Subdomain(string text) =>
        text.Length > 253 ? "must be no more than 253 characters"
        : SubdomainSyntax().IsMatch(text) ? null
        : SubdomainRule;

    /// <summary>Checks the key of a label or annotation: an optional DNS prefix with a slash, then a name.</summary>
    public static string? Key(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
            return "a qualified name must consist of an optional DNS subdomain prefix and '/' and a name";
        if (parts.Length == 2 && Subdomain(parts[0]) is { } wrong)
            return "prefix part " + wrong;
        return parts[^1].Length is 0 or > 63 ? "name part must be no more than 63 characters and not empty"
            : QualifiedSyntax().IsMatch(parts[^1]) ? null
            : QualifiedRule;
    }

    public static string? LabelValue(string value) =>
        value.Length > 63 ? "must be no more than 63 characters"
        : value == "" || QualifiedSyntax().IsMatch(value) ? null
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
            + "with an alphanumeric character";

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelSyntax();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainSyntax();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex QualifiedSyntax();
}
