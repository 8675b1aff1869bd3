using System.Globalization;
using System.Text.Json.Serialization;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>The holder of a state's lock: the fields that Terraform writes into its lock object.</summary>
public sealed record LockHolder
{
    private const string TerraformPrefix = "OperationType";

    /// <summary>The lock's id. A release names it, so that no run releases another run's lock.</summary>
    [JsonPropertyName("ID")]
    public required string Id { get; init; }

    /// <summary>The operation: "OperationTypeApply", "OperationTypePlan"; in locks of this program the command.</summary>
    public required string Operation { get; init; }

    /// <summary>Process and run, in locks of this program; Terraform leaves it empty.</summary>
    public string Info { get; init; } = "";

    /// <summary>The holder as user@host.</summary>
    public required string Who { get; init; }

    /// <summary>Terraform's version, or this program's name.</summary>
    public string Version { get; init; } = "";

    /// <summary>When the lock was taken, by the holder's clock.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Bucket and key of the lock object.</summary>
    public string Path { get; init; } = "";

    /// <summary>The machine.</summary>
    [JsonIgnore]
    public string Host => Who[(Who.LastIndexOf('@') + 1)..];

    /// <summary>Holder, start time, age and operation, without a full stop.</summary>
    /// <param name="now">The time now.</param>
    public string Describe(DateTimeOffset now)
    {
        var operation = Operation.StartsWith(TerraformPrefix, StringComparison.Ordinal)
            ? Operation[TerraformPrefix.Length..].ToLowerInvariant()
            : Operation;
        var since = Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{Who} since {since} UTC ({Age(now - Created)}), for {operation}{(Info == "" ? "" : $", {Info}")}";
    }

    private static string Age(TimeSpan age) =>
        age switch
        {
            { TotalMinutes: < 2 } => $"{Math.Max(0, (int)age.TotalSeconds)} s",
            { TotalHours: < 2 } => $"{(int)age.TotalMinutes} min",
            { TotalDays: < 2 } => $"{(int)age.TotalHours} h",
            _ => $"{(int)age.TotalDays} days",
        };
}
