namespace InfraCdktf.Pipeline.Cli;

/// <summary>
/// What the running command has begun to change outside its own files. The few classes that change something (Terraform, the
/// buckets, Linode's API, kubectl) note it before the change, so that a stop and a failure can say what was and was not changed.
/// The list belongs to the asynchronous flow of the command: two commands in one process do not mix.
/// </summary>
public sealed class Effects
{
    private static readonly AsyncLocal<Effects?> _current = new();

    private readonly Lock _lock = new();
    private readonly List<string> _begun = [];

    private Effects() { }

    /// <summary>Begins an empty list for this flow and everything that it calls.</summary>
    public static Effects Start() => _current.Value = new();

    /// <summary>From here on this flow changes only a sandbox, which is deleted at its end: nothing is noted.</summary>
    public static void AreOfSandbox() => _current.Value = null;

    /// <summary>Notes a change before it begins; the same text counts once.</summary>
    /// <param name="what">A noun with its place: <c>stack core (terraform apply)</c>.</param>
    public static void Note(string what)
    {
        if (_current.Value is not { } effects)
            return;
        lock (effects._lock)
            if (!effects._begun.Contains(what))
                effects._begun.Add(what);
    }

    /// <summary>What was begun, in order.</summary>
    public IReadOnlyList<string> Begun
    {
        get
        {
            lock (_lock)
                return [.. _begun];
        }
    }

    /// <summary>The sentence for people.</summary>
    public override string ToString() =>
        Begun is { Count: > 0 } begun
            ? $"Begun or done before that: {string.Join("; ", begun)}. Nothing else was changed."
            : "Nothing was changed.";
}
