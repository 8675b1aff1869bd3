using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>Reads the content of a PUT: decodes aws-chunked and checks the content against the digests of the request.</summary>
internal static class S3Body
{
    /// <exception cref="S3Exception">The content is incomplete or does not match a digest.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        var body = buffer.ToArray();
        var hash = request.Headers["x-amz-content-sha256"].ToString();
        if (
            hash.StartsWith("STREAMING-", StringComparison.Ordinal)
            || request.Headers.ContentEncoding.ToString().Contains("aws-chunked")
        )
            body = Unwrap(body);
        else if (hash is not ("" or "UNSIGNED-PAYLOAD") && hash != Convert.ToHexStringLower(SHA256.HashData(body)))
            throw new S3Exception(
                400,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed."
            );
        if (request.Headers.ContentMD5.ToString() is { Length: > 0 } md5 && md5 != BucketFiles.Md5(body))
            throw new S3Exception(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
        return body;
    }

    /// <summary>Decodes repeated "SIZE[;signature]\r\nDATA\r\n" chunks up to size 0. Trailers are ignored.</summary>
    public static byte[] Unwrap(ReadOnlySpan<byte> wrapped)
    {
        using var content = new MemoryStream();
        while (true)
        {
            var end = wrapped.IndexOf("\r\n"u8);
            if (end < 0)
                throw Broken();
            var size = Encoding.ASCII.GetString(wrapped[..end]).Split(';')[0];
            wrapped = wrapped[(end + 2)..];
            if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length) || length < 0)
                throw Broken();
            if (length == 0)
                return content.ToArray();
            if (wrapped.Length - 2 < length)
                throw Broken();
            content.Write(wrapped[..length]);
            wrapped = wrapped[(length + 2)..];
        }
    }

    private static S3Exception Broken() => new(400, "IncompleteBody", "The request body is not valid aws-chunked data.");
}
