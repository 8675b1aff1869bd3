using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>Why a call of the store failed.</summary>
public enum StorageFault
{
    /// <summary>The store cannot be reached, or has a failure. A later try may succeed.</summary>
    Unreachable,

    /// <summary>The store refused access key or signature: the credentials are wrong, expired or revoked.</summary>
    Credentials,

    /// <summary>The credentials are valid but have no permission for this.</summary>
    Forbidden,

    /// <summary>The state key is missing, wrong, or not the key that encrypts the object.</summary>
    StateKey,

    /// <summary>The bucket or object does not exist.</summary>
    NotFound,

    /// <summary>A condition was not met: another writer was first.</summary>
    Taken,

    /// <summary>A lock prevents the operation.</summary>
    Locked,

    /// <summary>Anything else.</summary>
    Refused,
}

/// <summary>A failed call of the store. The message names the call, the store's answer and the remedy.</summary>
public sealed class StorageException(StorageFault fault, string message, Exception? inner = null)
    : PipelineException(message, inner)
{
    /// <summary>The reason.</summary>
    public StorageFault Fault => fault;
}
