using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Archive;

/// <summary>
/// A record of an operation: actor, operation, time. It is locked: until its retention period has ended it cannot be changed or
/// removed, not even by the owner of the account.
/// </summary>
public sealed record AuditRecord
{
    /// <summary>The operation ("apply", "state unlock").</summary>
    public required string Kind { get; init; }

    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The actor: the account on GitHub, or the user of the machine.</summary>
    public required string Actor { get; init; }

    /// <summary>The commit; null if it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The reason, if the operation needs one.</summary>
    public string? Reason { get; init; }

    /// <summary>Facts of this kind of operation: names, counts, digests; never a secret value.</summary>
    public JsonElement Body { get; init; } = JsonSerializer.SerializeToElement(new { });

    /// <summary>Distinguishes records with the same time. The same record written twice has the same object name.</summary>
    public string Id { get; init; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Creates the record of a run of this program.</summary>
    /// <param name="facts">Actor, commit and start time of the run.</param>
    /// <param name="kind">The operation ("state unlock").</param>
    /// <param name="stack">The stack.</param>
    /// <param name="reason">The reason, if the operation needs one.</param>
    /// <param name="body">Facts of this kind of operation: names, counts, digests; never a secret value.</param>
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

    /// <summary>Creates a body from an object that can be serialized as JSON.</summary>
    public static JsonElement BodyOf(object value) => JsonSerializer.SerializeToElement(value, Manifest.Json);
}

/// <summary>The audit records in the archive bucket, one object each: <c>audit/{stack}/{time}-{id}.json</c>.</summary>
/// <param name="bucket">The archive bucket, with object lock.</param>
/// <param name="keys">The state keys: a record is encrypted with its stack's.</param>
/// <param name="days">
/// The number of days that a record is locked, in compliance mode: governance mode can be bypassed (measured).
/// </param>
/// <param name="time">The clock.</param>
public sealed class AuditLog(Bucket bucket, StateKeys keys, int days, TimeProvider time)
{
    /// <summary>The kind of a record that cannot be read.</summary>
    public const string Unreadable = "unreadable";

    private const string Prefix = "audit/";

    /// <summary>
    /// Writes a record. A second write of the same record creates another version of the same object, which is locked too.
    /// </summary>
    /// <exception cref="StorageException">The record could not be written.</exception>
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

    /// <summary>
    /// The records of a stack, newest first. A record that cannot be read has the kind <see cref="Unreadable"/>, and its object
    /// name as the reason: one damaged record must not hide the others.
    /// </summary>
    public async Task<IReadOnlyList<AuditRecord>> ListAsync(string stack, CancellationToken cancellation)
    {
        var found = await KeysAsync(stack, cancellation);
        var contents = await bucket.ReadManyAsync(found, keys.AllOf(stack), cancellation);
        var records = found
            .Zip(contents)
            .Where(pair => pair.Second is not null)
            .Select(pair => Read(stack, pair.First, pair.Second!));
        return [.. records.OrderByDescending(record => record.At)];
    }

    private static AuditRecord Read(string stack, string key, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditRecord>(content, Manifest.Json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException)
        {
            return new()
            {
                Kind = Unreadable,
                Stack = stack,
                Actor = "",
                At = DateTimeOffset.MinValue,
                Reason = key,
            };
        }
    }

    /// <summary>The number of records of a stack that the given key does not open.</summary>
    public async Task<int> CountClosedAsync(string stack, StateKey key, CancellationToken cancellation)
    {
        var records = await KeysAsync(stack, cancellation);
        return records.Count - await bucket.CountOpenAsync(records, key, cancellation);
    }

    /// <summary>The number of records of a stack that can be read without a key.</summary>
    public async Task<int> CountClearAsync(string stack, CancellationToken cancellation) =>
        await bucket.CountOpenAsync(await KeysAsync(stack, cancellation), stateKey: null, cancellation);

    private async Task<IReadOnlyList<string>> KeysAsync(string stack, CancellationToken cancellation) =>
        await bucket.ListAsync($"{Prefix}{stack}/", cancellation).Select(item => item.Key).ToListAsync(cancellation);

    /// <summary>The object name of a record.</summary>
    public static string KeyOf(AuditRecord record) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{record.Stack}/{record.At.UtcDateTime:yyyyMMdd'T'HHmmssfff'Z'}-{record.Id}.json"
        );
}
