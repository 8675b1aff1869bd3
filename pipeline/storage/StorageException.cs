using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>Why the store did not do as it was asked.</summary>
public enum StorageFault
{
    /// <summary>It cannot be reached, or fails on its side: worth another try later.</summary>
    Unreachable,

    /// <summary>Access key or signature refused: wrong, expired or revoked credentials.</summary>
    Credentials,

    /// <summary>The credentials are good and may not do this.</summary>
    Forbidden,

    /// <summary>The state key is missing, wrong, or not what the object was written with.</summary>
    StateKey,

    /// <summary>No such bucket or object.</summary>
    NotFound,

    /// <summary>A condition did not hold: somebody else wrote first.</summary>
    Taken,

    /// <summary>A lock forbids it.</summary>
    Locked,

    /// <summary>Anything else.</summary>
    Refused,
}

/// <summary>A call of the store that failed: which call, what the store said, what to do.</summary>
public sealed class StorageException(StorageFault fault, string message, Exception? inner = null)
    : PipelineException(message, inner)
{
    /// <summary>Why.</summary>
    public StorageFault Fault => fault;
}
