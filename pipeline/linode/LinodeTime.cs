using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Linode;

/// <summary>Times in Linode's answers: UTC without a time zone.</summary>
public static class LinodeTime
{
    /// <summary>Reads the time of an entry.</summary>
    /// <param name="item">The entry.</param>
    /// <param name="field">The field that has the time.</param>
    /// <param name="path">The path of the list, for the error.</param>
    /// <exception cref="PipelineException">The field has no time.</exception>
    public static DateTimeOffset Of(JsonObject item, string field, string path) =>
        DateTimeOffset.TryParse($"{item[field]}", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new PipelineException(
                $"{path}: an entry has no time in \"{field}\": given \"{item[field]}\"; allowed: a time such as "
                    + "2026-11-30T12:00:00. Check LINODE_URL if it is set, and that no proxy answers instead of Linode."
            );
}
