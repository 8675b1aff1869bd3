namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>An S3 error: status, code and message.</summary>
public sealed class S3Exception(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>S3's error code, for example NoSuchKey.</summary>
    public string Code { get; } = code;
}
