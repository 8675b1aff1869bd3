namespace InfraCdktf.Tests.Support;

/// <summary>How long a test waits for an event before it fails.</summary>
internal static class Patience
{
    /// <summary>The longest wait.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(2);

    /// <summary>A token that ends a wait that begins now.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Longest).Token;
}
