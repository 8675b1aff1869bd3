namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>
/// The names of the platform's storage classes. Every volume claim names one of them: LKE's default class is not encrypted, and
/// it belongs to LKE.
/// </summary>
public static class StorageClasses
{
    /// <summary>Encrypted block storage that is deleted with its claim: caches, scratch data.</summary>
    public const string Encrypted = "encrypted";

    /// <summary>Encrypted block storage that remains when its claim is deleted: data.</summary>
    public const string EncryptedRetain = "encrypted-retain";
}
