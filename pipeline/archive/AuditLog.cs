using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>Who did what, when. It is locked: until its days are over nobody can change or remove it, the owner of the account included.</summary>
public sealed record AuditRecord
{
    /// <summary>What was done ("apply", "state unlock").</summary>
    public required string Kind { get; init; }

    /// <summary>The stack it was done to.</summary>
    public required string Stack { get; init; }

    /// <summary>Who did it.</summary>
    public required string Actor { get; init; }

    /// <summary>From which commit; null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Why, where somebody had to say so.</summary>
    public string? Reason { get; init; }

    /// <summary>What belongs to this kind: names, counts, digests; never a secret value.</summary>
    public JsonElement Body { get; init; } = JsonSerializer.SerializeToElement(new { });

    /// <summary>Tells records of one moment apart; the same record written twice keeps its place.</summary>
    public string Id { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Notes what a run of this program did.</summary>
    /// <param name="facts">Who runs it, from which commit, since when.</param>
    /// <param name="kind">What was done ("state unlock").</param>
    /// <param name="stack">The stack it was done to.</param>
    /// <param name="reason">Why, where somebody had to say so.</param>
    /// <param name="body">What belongs to this kind: names, counts, digests; never a secret value.</param>
    public static AuditRecord Of(RunContext facts, string kind, string stack, string? reason, object body) =>
        new()
        {
            Kind = kind,
            Stack = stack,
            Actor = facts.Actor,
            Commit = facts.Commit,
            At = facts.Started,
            Reason = reason,
            Body = BodyOf(body),
        };

    /// <summary>Makes a body of anything that becomes JSON.</summary>
    public static JsonElement BodyOf(object value) => JsonSerializer.SerializeToElement(value, Manifest.Json);
}

/// <summary>The audit records in the archive bucket, one object each: <c>audit/{stack}/{time}-{id}.json</c>.</summary>
/// <param name="bucket">The archive bucket, with object lock.</param>
/// <param name="keys">The state keys: a record is encrypted with its stack's.</param>
/// <param name="days">How long a record is locked, in compliance mode: governance can be bypassed (measured).</param>
/// <param name="time">The clock.</param>
public sealed class AuditLog(Bucket bucket, StateKeys keys, int days, TimeProvider time)
{
    private const string Prefix = "audit/";

    /// <summary>Writes one. Writing the same record again gives another version of the same object, which is locked too.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    public async Task WriteAsync(AuditRecord record, CancellationToken cancellation)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(record, Manifest.Json));
        await bucket.PutAsync(
            KeyOf(record),
            content,
            keys.Of(record.Stack),
            new() { LockedUntil = time.GetUtcNow().AddDays(days), ContentType = "application/json" },
            cancellation
        );
    }

    /// <summary>The records of a stack, newest first.</summary>
    public async Task<IReadOnlyList<AuditRecord>> ListAsync(string stack, CancellationToken cancellation)
    {
        var found = await bucket.ListAsync($"{Prefix}{stack}/", cancellation).Select(item => item.Key).ToListAsync(cancellation);
        var contents = await bucket.ReadManyAsync(found, keys.AllOf(stack), cancellation);
        var records = contents
            .OfType<byte[]>()
            .Select(content => JsonSerializer.Deserialize<AuditRecord>(content, Manifest.Json)!);
        return [.. records.OrderByDescending(record => record.At)];
    }

    /// <summary>Where a record lies.</summary>
    public static string KeyOf(AuditRecord record) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{record.Stack}/{record.At.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{record.Id}.json"
        );
}
