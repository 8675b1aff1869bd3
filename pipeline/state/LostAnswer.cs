using System.Globalization;
using System.Text.RegularExpressions;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// Tells from a provider's error whether the answer to its request was lost. Then the request may have been carried out. An
/// answer with a status from 300 to 499 is a refusal: nothing was made. So is what the API server says before it stores an
/// object.
/// </summary>
internal static partial class LostAnswer
{
    private const int Timeout = 408;
    private const int Redirects = 300;
    private const int Failures = 500;

    /// <summary>True if the error says that no answer came, or that the server failed.</summary>
    /// <param name="error">The error's summary and detail.</param>
    public static bool Is(string error)
    {
        if (NotSent().IsMatch(error))
            return false;
        var statuses = Status()
            .Matches(error)
            .Select(match => int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture));
        // Without a status the error is one of a library, of the API server, or of the provider itself.
        return statuses.ToList() is { Count: > 0 } given
            ? given.Any(IsNoRefusal)
            : NoAnswer().IsMatch(error) && !Refused().IsMatch(error);
    }

    // The Go client of Linode numbers its own errors below 100: 002 is the error of a connection (linode/linodego errors.go). An
    // error with a status of success is about the answer's text.
    private static bool IsNoRefusal(int status) => status is < Redirects or Timeout or >= Failures;

    // [400] of Linode's client, StatusCode: 503 of the S3 client.
    [GeneratedRegex(@"\[(?<status>\d{3})\]|\bStatusCode: (?<status>\d{1,3})\b")]
    private static partial Regex Status();

    // Go's errors before anything was sent: no address, no connection, no TLS.
    [GeneratedRegex(
        @"\bdial (tcp|udp)\b|no such host|connection refused|TLS handshake|\bx509: |\btls: (?!bad record MAC|use of closed)"
            + "|proxyconnect"
    )]
    private static partial Regex NotSent();

    // The API server's answers before it stores an object: validation, quota and policy, and a webhook that did not answer it.
    [GeneratedRegex(@"\bis invalid: |\bis forbidden: |denied (the )?request\b|failed calling webhook")]
    private static partial Regex Refused();

    // Go's errors of a connection, the API server's errors with the status 500, 503 or 504, which it does not write, what its
    // Go client writes for an answer from 500 without a text, etcd's errors, and Terraform's error if a provider ended.
    [GeneratedRegex(
        @"connection reset|broken pipe|\bEOF\b|use of closed network connection|connection lost|server closed|GOAWAY|\bhttp2: "
            + @"|\b(read|write) tcp\b|stream error|\btls: (bad record MAC|use of closed)"
            + @"|timed out|timeout|deadline exceeded|canceled|Internal error occurred|in the time allotted"
            + @"|currently unable to handle|Internal Server Error|Bad Gateway|Service Unavailable|an error on the server"
            + @"|\betcdserver: |Plugin did not respond|The plugin encountered an error",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex NoAnswer();
}
