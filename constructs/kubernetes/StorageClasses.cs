namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The names of our storage classes; every claim of ours names one, because LKE's default class is neither encrypted nor ours.</summary>
public static class StorageClasses
{
    /// <summary>Encrypted block storage that goes with its claim: caches, scratch space.</summary>
    public const string Encrypted = "encrypted";

    /// <summary>Encrypted block storage that stays when its claim is deleted: data.</summary>
    public const string EncryptedRetain = "encrypted-retain";
}
