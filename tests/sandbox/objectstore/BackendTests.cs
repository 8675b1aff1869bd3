using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.ObjectStorage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.ObjectStorage;

/// <summary>The object store, used by Terraform's S3 backend and by AWS's own client.</summary>
[Trait("Level", "real")]
public sealed class BackendTests : SandboxTest
{
    private const string Configuration =
        Head
        + """
            terraform {
              backend "s3" {
                bucket                      = "state"
                key                         = "core/terraform.tfstate"
                region                      = "us-ord"
                use_lockfile                = true
                encrypt                     = true
                use_path_style              = true
                skip_credentials_validation = true
                skip_region_validation      = true
                skip_requesting_account_id  = true
                skip_metadata_api_check     = true
                skip_s3_checksum            = true
                endpoints                   = { s3 = "https://us-ord-10.linodeobjects.com" }
              }
            }
            resource "linode_vpc" "v" {
              label  = "core"
              region = "us-ord"
            }
            """;

    private protected override SandboxOptions Options => base.Options with { Buckets = ["state"] };

    [Fact]
    public async Task State_in_the_object_store_needs_the_customer_key()
    {
        using var terraform = new TerraformRunner(Cloud, Configuration);
        await terraform.ApplyAsync();
        Assert.Equal(["core/terraform.tfstate"], Cloud.ObjectStore.List("state"));
        var state = Encoding.UTF8.GetString(
            Cloud.ObjectStore.Read("state", "core/terraform.tfstate", Cloud.ObjectStore.EncryptionKey)!
        );
        Assert.Contains("linode_vpc", state);
        Assert.Throws<S3Exception>(() => Cloud.ObjectStore.Read("state", "core/terraform.tfstate"));
        foreach (
            var file in Directory.EnumerateFiles(Path.Combine(AccountDirectory, "buckets"), "*", SearchOption.AllDirectories)
        )
            Assert.DoesNotContain("linode_vpc", await File.ReadAllTextAsync(file));
        (await terraform.PlanAsync()).Expect(0);
    }

    [Fact]
    public async Task Apply_fails_while_another_apply_holds_the_lock()
    {
        using var terraform = new TerraformRunner(Cloud, Configuration);
        (await terraform.RunAsync("init")).Expect(0);
        var hold = new Hold();
        Cloud.Account.AddFault(new Fault { Operation = "create", Hold = hold });
        var first = terraform.RunAsync("apply", "-auto-approve");
        await hold.ReachedAsync(Patience.Token);
        (await terraform.RunAsync("apply", "-auto-approve")).Expect(1).Says("Error acquiring the state lock");
        hold.Release();
        (await first).Expect(0);
        Assert.Equal(["core/terraform.tfstate"], Cloud.ObjectStore.List("state"));
    }

    [Fact]
    public async Task Conditional_put_succeeds_for_one_of_many_writers()
    {
        using var client = Client();
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(async n =>
                {
                    try
                    {
                        await client.PutObjectAsync(Put("lock", $"{n}", p => p.IfNoneMatch = "*"));
                        return HttpStatusCode.OK;
                    }
                    catch (AmazonS3Exception e)
                    {
                        return e.StatusCode;
                    }
                })
        );
        Assert.Single(results, HttpStatusCode.OK);
        Assert.Equal(15, results.Count(r => r == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task Object_store_returns_objects_and_lists_them_in_pages()
    {
        using var client = Client();
        foreach (var key in new[] { "a b/ü?&=", "a b/2", "c" })
            await client.PutObjectAsync(Put(key, key, p => p.Metadata["who"] = "me"));
        using var found = await client.GetObjectAsync("state", "a b/ü?&=");
        Assert.Equal("a b/ü?&=", await new StreamReader(found.ResponseStream).ReadToEndAsync());
        Assert.Equal("me", found.Metadata["who"]);
        var page = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "state", MaxKeys = 2 });
        Assert.Equal(["a b/2", "a b/ü?&="], page.S3Objects.Select(o => o.Key));
        var rest = await client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = "state", ContinuationToken = page.NextContinuationToken }
        );
        Assert.Equal(["c"], rest.S3Objects.Select(o => o.Key));
        var folders = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "state", Delimiter = "/" });
        Assert.Equal(["a b/"], folders.CommonPrefixes);
        await client.DeleteObjectAsync("state", "c");
        await Fails(404, "NoSuchKey", () => client.GetObjectAsync("state", "c"));
    }

    [Fact]
    public async Task Object_store_answers_with_the_error_codes_of_S3()
    {
        using var client = Client();
        await Fails(404, "NoSuchBucket", () => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "none" }));
        await client.PutObjectAsync(Put("a", "1"));
        await Fails(409, "BucketNotEmpty", () => client.DeleteBucketAsync("state"));
        using var unknownKey = Client(access: "AKIDNOBODY");
        await Fails(403, "InvalidAccessKeyId", () => unknownKey.GetObjectAsync("state", "a"));
        using var wrongSecret = Client(secret: "wrong");
        await Fails(403, "SignatureDoesNotMatch", () => wrongSecret.GetObjectAsync("state", "a"));
        await Fails(501, "NotImplemented", () => client.CopyObjectAsync("state", "a", "state", "b"));
        await Fails(
            400,
            "InvalidRequest",
            () => client.PutObjectAsync(Put("e", "1", p => p.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AES256))
        );
    }

    [Fact]
    public async Task Bucket_and_limited_key_of_Terraform_work_in_the_store()
    {
        using var terraform = new TerraformRunner(
            Cloud,
            Head
                + """
                resource "linode_object_storage_bucket" "b" {
                  region = "us-ord"
                  label  = "media"
                }
                resource "linode_object_storage_key" "k" {
                  label = "reader"
                  bucket_access {
                    bucket_name = linode_object_storage_bucket.b.label
                    region      = "us-ord"
                    permissions = "read_only"
                  }
                }
                """
        );
        await terraform.ApplyAsync();
        Assert.Contains("media", Cloud.ObjectStore.Buckets);
        using var owner = Client();
        await owner.PutObjectAsync(Put("a", "1", p => p.BucketName = "media"));
        var key = Cloud.Account.Objects.Single(o => o.Type == "linode_object_storage_key").Attributes;
        using var reader = Client(key["access_key"]!.ToString(), key["secret_key"]!.ToString());
        (await reader.GetObjectAsync("media", "a")).Dispose();
        await Fails(403, "AccessDenied", () => reader.PutObjectAsync(Put("b", "1", p => p.BucketName = "media")));
        await Fails(403, "AccessDenied", () => reader.GetObjectAsync("state", "a"));
        (await terraform.RunAsync("destroy", "-auto-approve")).Expect(1).Says("Bucket is not empty");
        await owner.DeleteObjectAsync("media", "a");
        (await terraform.RunAsync("destroy", "-auto-approve")).Expect(0);
        Assert.DoesNotContain("media", Cloud.ObjectStore.Buckets);
    }

    private static async Task Fails(int status, string code, Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(call);
        Assert.Equal((status, code), ((int)error.StatusCode, error.ErrorCode));
    }

    private static PutObjectRequest Put(string key, string text, Action<PutObjectRequest>? more = null)
    {
        var request = new PutObjectRequest
        {
            BucketName = "state",
            Key = key,
            ContentBody = text,
        };
        more?.Invoke(request);
        return request;
    }

    private AmazonS3Client Client(string? access = null, string? secret = null) =>
        new(
            access ?? Cloud.ObjectStore.AccessKey,
            secret ?? Cloud.ObjectStore.SecretKey,
            new AmazonS3Config
            {
                ServiceURL = Cloud.ObjectStore.Endpoint,
                ForcePathStyle = true,
                AuthenticationRegion = "us-ord",
                MaxErrorRetry = 0,
            }
        );
}
