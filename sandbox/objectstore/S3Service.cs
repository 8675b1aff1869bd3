using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace InfraCdktf.Sandbox.ObjectStorage;

/// <summary>
/// The S3 calls in path style: buckets (list, create, head, delete) and objects (list, put, get, head, delete).
/// </summary>
internal sealed class S3Service(BucketFiles files, Func<string, AccessKey?> findKey)
{
    private static readonly XNamespace _ns = "http://s3.amazonaws.com/doc/2006-03-01/";

    public async Task ServeAsync(HttpContext context)
    {
        try
        {
            var key = Signature.Check(context.Request, findKey);
            var path = (context.Request.Path.Value ?? "/")[1..].Split('/', 2);
            var (bucket, name) = (path[0], path.Length == 2 ? path[1] : "");
            var write = context.Request.Method is "PUT" or "DELETE" or "POST";
            if (!key.Allows(bucket, write))
                throw new S3Exception(403, "AccessDenied", "Access Denied");
            if (bucket == "")
                await AnswerAsync(context, ListBuckets());
            else if (name == "")
                await BucketAsync(context, bucket);
            else
                await ObjectAsync(context, Existing(bucket), name);
        }
        catch (S3Exception e)
        {
            await FailAsync(context, e);
        }
    }

    private async Task BucketAsync(HttpContext context, string bucket)
    {
        var query = context.Request.Query;
        switch (context.Request.Method)
        {
            case "PUT" when query.Count == 0:
                files.Create(bucket, context.Request.Headers["x-amz-bucket-object-lock-enabled"] == "true");
                break;
            case "HEAD":
                Existing(bucket);
                break;
            case "DELETE" when query.Count == 0:
                if (!files.TryDelete(Existing(bucket)))
                    throw new S3Exception(409, "BucketNotEmpty", "The bucket you tried to delete is not empty.");
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "GET" when query.ContainsKey("location"):
                Existing(bucket);
                await AnswerAsync(context, new XElement(_ns + "LocationConstraint"));
                break;
            case "GET" when query.ContainsKey("versioning"):
                await AnswerAsync(
                    context,
                    new XElement(
                        _ns + "VersioningConfiguration",
                        files.HasObjectLock(Existing(bucket)) ? new XElement(_ns + "Status", "Enabled") : null
                    )
                );
                break;
            case "GET" when query.ContainsKey("object-lock"):
                if (!files.HasObjectLock(Existing(bucket)))
                    throw new S3Exception(
                        404,
                        "ObjectLockConfigurationNotFoundError",
                        "Object Lock configuration does not exist for this bucket"
                    );
                await AnswerAsync(
                    context,
                    new XElement(_ns + "ObjectLockConfiguration", new XElement(_ns + "ObjectLockEnabled", "Enabled"))
                );
                break;
            case "PUT" when query.ContainsKey("lifecycle"):
                files.SetLifecycle(Existing(bucket), Encoding.UTF8.GetString(await S3Body.ReadAsync(context.Request)));
                break;
            case "GET" when query.ContainsKey("lifecycle"):
                var rules =
                    files.Lifecycle(Existing(bucket))
                    ?? throw new S3Exception(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist.");
                await AnswerAsync(context, XElement.Parse(rules));
                break;
            case "GET" when query.ContainsKey("versions"):
                await AnswerAsync(context, ListVersions(Existing(bucket), query));
                break;
            case "GET" when query.Keys.All(IsListing):
                await AnswerAsync(context, ListObjects(Existing(bucket), query));
                break;
            default:
                throw NotImplemented();
        }
    }

    private async Task ObjectAsync(HttpContext context, string bucket, string key)
    {
        var request = context.Request;
        if (request.Query.Keys.Any(k => k is not ("x-id" or "versionId")) || request.Headers.ContainsKey("x-amz-copy-source"))
            throw NotImplemented();
        var version = request.Query["versionId"].ToString() is { Length: > 0 } given ? given : null;
        switch (request.Method)
        {
            case "PUT":
                await PutAsync(context, bucket, key);
                break;
            case "GET" or "HEAD":
                var found = files.Read(bucket, key, version, CustomerKey(request)) ?? throw NoSuchKey();
                Describe(context.Response, found.Object);
                if (request.Method == "GET")
                    await context.Response.Body.WriteAsync(found.Content);
                break;
            case "DELETE":
                if (files.Delete(bucket, key, version) is { } marker)
                {
                    context.Response.Headers["x-amz-delete-marker"] = "true";
                    context.Response.Headers["x-amz-version-id"] = marker.Version;
                }
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                throw NotImplemented();
        }
    }

    private async Task PutAsync(HttpContext context, string bucket, string key)
    {
        var request = context.Request;
        var condition = request.Headers.IfNoneMatch.ToString();
        if (condition is not ("" or "*") || request.Headers.IfMatch.Count > 0)
            throw NotImplemented();
        var content = await S3Body.ReadAsync(request);
        var customerKey = CustomerKey(request);
        var head = new StoredObject(
            key,
            content.Length,
            Convert.ToHexStringLower(MD5.HashData(content)),
            DateTime.UtcNow,
            request.ContentType ?? "binary/octet-stream",
            customerKey is null ? null : BucketFiles.Md5(customerKey),
            request
                .Headers.Where(h => h.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
                .ToDictionary(h => h.Key, h => h.Value.ToString())
        )
        {
            LockedUntil = LockedUntil(request, files.HasObjectLock(bucket)),
        };
        if (files.Write(bucket, head, content, customerKey, onlyIfAbsent: condition == "*") is not { } written)
            throw new S3Exception(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
        context.Response.Headers.ETag = $"\"{head.ETag}\"";
        if (written.Version is not null)
            context.Response.Headers["x-amz-version-id"] = written.Version;
        Encryption(context.Response, head);
    }

    /// <summary>The end of the requested lock. Only compliance mode is supported: governance mode can be bypassed.</summary>
    private static DateTime? LockedUntil(HttpRequest request, bool allowed)
    {
        var (mode, until) = (request.Headers["x-amz-object-lock-mode"], request.Headers["x-amz-object-lock-retain-until-date"]);
        if (mode.Count == 0 && until.Count == 0)
            return null;
        if (!allowed)
            throw new S3Exception(400, "InvalidRequest", "bucket object lock not configured");
        if (
            mode == "COMPLIANCE"
            && DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        )
            return date.UtcDateTime;
        throw mode == "GOVERNANCE"
            ? NotImplemented()
            : new S3Exception(400, "InvalidArgument", "The object lock mode is unknown, or the date is invalid.");
    }

    private static void Describe(HttpResponse response, StoredObject head)
    {
        response.ContentLength = head.Size;
        response.ContentType = head.ContentType;
        response.Headers.ETag = $"\"{head.ETag}\"";
        response.Headers.LastModified = head.Modified.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in head.UserMetadata)
            response.Headers[name] = value;
        if (head.Version is not null)
            response.Headers["x-amz-version-id"] = head.Version;
        if (head.LockedUntil is { } until)
        {
            response.Headers["x-amz-object-lock-mode"] = "COMPLIANCE";
            response.Headers["x-amz-object-lock-retain-until-date"] = Time(until);
        }
        Encryption(response, head);
    }

    private static void Encryption(HttpResponse response, StoredObject head)
    {
        if (head.CustomerKeyMd5 is null)
            return;
        response.Headers["x-amz-server-side-encryption-customer-algorithm"] = "AES256";
        response.Headers["x-amz-server-side-encryption-customer-key-md5"] = head.CustomerKeyMd5;
    }

    /// <summary>The customer's key; null if none is given. Its algorithm and MD5 are checked.</summary>
    private static byte[]? CustomerKey(HttpRequest request)
    {
        const string prefix = "x-amz-server-side-encryption-customer-";
        var (algorithm, text) = (request.Headers[prefix + "algorithm"].ToString(), request.Headers[prefix + "key"].ToString());
        // Linode's RADOS Gateway has no keys of its own, so it refuses SSE-S3.
        if (request.Headers.ContainsKey("x-amz-server-side-encryption"))
            throw new S3Exception(
                400,
                "InvalidRequest",
                "Server side encryption with own keys is not supported: use customer keys."
            );
        if (algorithm == "" && text == "")
            return null;
        var key = new byte[32];
        if (algorithm != "AES256" || !Convert.TryFromBase64String(text, key, out var length) || length != key.Length)
            throw new S3Exception(400, "InvalidArgument", "The customer key must be 32 bytes in base64, the algorithm AES256.");
        if (request.Headers[prefix + "key-md5"].ToString() != BucketFiles.Md5(key))
            throw new S3Exception(
                400,
                "InvalidArgument",
                "The calculated MD5 hash of the key did not match the hash that was provided."
            );
        return key;
    }

    private XElement ListBuckets() =>
        new(
            _ns + "ListAllMyBucketsResult",
            new XElement(
                _ns + "Buckets",
                files.Buckets().Select(b => new XElement(_ns + "Bucket", new XElement(_ns + "Name", b)))
            )
        );

    private static bool IsListing(string parameter) =>
        parameter
            is "list-type"
                or "prefix"
                or "delimiter"
                or "max-keys"
                or "start-after"
                or "continuation-token"
                or "encoding-type"
                or "x-id";

    private XElement ListObjects(string bucket, IQueryCollection query)
    {
        var (prefix, delimiter) = (query["prefix"].ToString(), query["delimiter"].ToString());
        var after = query["continuation-token"].ToString() is { Length: > 0 } token ? token : query["start-after"].ToString();
        var limit = Limit(query);
        var found = files
            .List(bucket)
            .Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0)
            .ToLookup(o => CommonPrefix(o.Key, prefix, delimiter));
        var objects = found[""].Take(limit).ToList();
        var truncated = found[""].Skip(limit).Any();
        return new XElement(
            _ns + "ListBucketResult",
            new XElement(_ns + "Name", bucket),
            new XElement(_ns + "Prefix", prefix),
            new XElement(_ns + "KeyCount", objects.Count),
            new XElement(_ns + "MaxKeys", limit),
            new XElement(_ns + "IsTruncated", truncated),
            truncated ? new XElement(_ns + "NextContinuationToken", objects[^1].Key) : null,
            objects.Select(o => new XElement(
                _ns + "Contents",
                new XElement(_ns + "Key", o.Key),
                new XElement(_ns + "LastModified", Time(o.Modified)),
                new XElement(_ns + "ETag", $"\"{o.ETag}\""),
                new XElement(_ns + "Size", o.Size),
                new XElement(_ns + "StorageClass", "STANDARD")
            )),
            found.Where(g => g.Key != "").Select(g => new XElement(_ns + "CommonPrefixes", new XElement(_ns + "Prefix", g.Key)))
        );
    }

    /// <summary>All versions, newest first within a key. A page starts after the key and version of its markers.</summary>
    private XElement ListVersions(string bucket, IQueryCollection query)
    {
        var (prefix, key, version) = (
            query["prefix"].ToString(),
            query["key-marker"].ToString(),
            query["version-id-marker"].ToString()
        );
        var limit = Limit(query);
        var all = files.Versions(bucket);
        var latest = all.DistinctBy(o => o.Key).ToHashSet();
        var found = all.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && IsAfter(o)).Take(limit + 1).ToList();
        var page = found.Take(limit).ToList();
        var truncated = found.Count > page.Count;
        return new XElement(
            _ns + "ListVersionsResult",
            new XElement(_ns + "Name", bucket),
            new XElement(_ns + "Prefix", prefix),
            new XElement(_ns + "MaxKeys", limit),
            new XElement(_ns + "IsTruncated", truncated),
            truncated ? new XElement(_ns + "NextKeyMarker", page[^1].Key) : null,
            truncated ? new XElement(_ns + "NextVersionIdMarker", page[^1].Version ?? "null") : null,
            page.Select(o => new XElement(
                _ns + (o.DeleteMarker ? "DeleteMarker" : "Version"),
                new XElement(_ns + "Key", o.Key),
                new XElement(_ns + "VersionId", o.Version ?? "null"),
                new XElement(_ns + "IsLatest", latest.Contains(o)),
                new XElement(_ns + "LastModified", Time(o.Modified)),
                o.DeleteMarker ? null : new XElement(_ns + "ETag", $"\"{o.ETag}\""),
                o.DeleteMarker ? null : new XElement(_ns + "Size", o.Size),
                o.DeleteMarker ? null : new XElement(_ns + "StorageClass", "STANDARD")
            ))
        );

        bool IsAfter(StoredObject o) =>
            string.CompareOrdinal(o.Key, key) is var order
            && (order > 0 || (order == 0 && string.CompareOrdinal(o.Version ?? "null", version) < 0));
    }

    private static int Limit(IQueryCollection query) =>
        int.TryParse(query["max-keys"], CultureInfo.InvariantCulture, out var given) ? Math.Clamp(given, 0, 1000) : 1000;

    private static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string CommonPrefix(string key, string prefix, string delimiter)
    {
        var at = delimiter == "" ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? "" : key[..(at + delimiter.Length)];
    }

    private string Existing(string bucket) =>
        files.Exists(bucket) ? bucket : throw new S3Exception(404, "NoSuchBucket", "The specified bucket does not exist.");

    private static S3Exception NoSuchKey() => new(404, "NoSuchKey", "The specified key does not exist.");

    private static S3Exception NotImplemented() =>
        new(501, "NotImplemented", "The sandbox's object store does not support this call.");

    private static async Task AnswerAsync(HttpContext context, XElement xml)
    {
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(new XDocument(xml).ToString(SaveOptions.DisableFormatting));
    }

    private static async Task FailAsync(HttpContext context, S3Exception error)
    {
        context.Response.StatusCode = error.Status;
        if (context.Request.Method == "HEAD")
            return;
        await AnswerAsync(
            context,
            new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message))
        );
    }
}
