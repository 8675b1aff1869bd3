namespace InfraCdktf.Environments.Naming;

/// <summary>The rights of a limited object-storage key in its buckets.</summary>
public enum KeyAccess
{
    /// <summary>Read objects.</summary>
    Read,

    /// <summary>Read, write and delete objects.</summary>
    Write,
}
