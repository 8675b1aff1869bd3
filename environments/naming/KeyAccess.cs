namespace InfraCdktf.Environments.Naming;

/// <summary>What a limited object-storage key may do with its buckets.</summary>
public enum KeyAccess
{
    /// <summary>Read objects.</summary>
    Read,

    /// <summary>Read, write and delete objects.</summary>
    Write,
}
