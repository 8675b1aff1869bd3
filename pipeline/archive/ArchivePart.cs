namespace InfraCdktf.Pipeline.Archive;

/// <summary>One part of an entry, as its manifest knows it.</summary>
/// <param name="Sha256">The SHA-256 of its bytes, 64 hex digits.</param>
/// <param name="Size">Its bytes.</param>
public sealed record ArchivePart(string Sha256, long Size)
{
    /// <summary>The state's bytes as they lay in the live bucket.</summary>
    public const string State = "state";

    /// <summary>The stack directory that was applied (<see cref="StackPackage"/>).</summary>
    public const string Configuration = "configuration";

    /// <summary>Describes bytes.</summary>
    public static ArchivePart Of(ReadOnlySpan<byte> content) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), content.Length);
}
