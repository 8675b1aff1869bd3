using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>The common part of all stacks: the backend of their state, and readable state addresses.</summary>
public abstract class PlatformStack : TerraformStack
{
    /// <summary>Creates the stack and its backend.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="name">The stack's name, a contract (see <see cref="StackNames"/>).</param>
    /// <param name="platform">The inventory, checked.</param>
    protected PlatformStack(Construct scope, string name, PlatformSpec platform)
        : base(scope, name)
    {
        Platform = platform;
        var address = StateAddress.Of(platform, name);
        var backend = new S3Backend(
            this,
            new S3BackendConfig
            {
                Bucket = address.Bucket,
                Key = address.Key,
                Region = address.Region,
                Endpoints = new S3BackendEndpointConfig { S3 = address.Endpoint },
                // Without it Terraform silently ignores the SSE-C key in AWS_SSE_CUSTOMER_KEY (measured).
                Encrypt = true,
                UsePathStyle = true,
                // The bucket is not at AWS: no STS, no instance metadata, and a region name that AWS does not have.
                SkipCredentialsValidation = true,
                SkipRegionValidation = true,
                SkipRequestingAccountId = true,
                SkipMetadataApiCheck = true,
                SkipS3Checksum = true,
            }
        );
        // CDKTF 0.21's typed backend lacks it. It locks on an unversioned bucket only.
        backend.AddOverride("use_lockfile", true);
        AddOverride("terraform.required_version", ">= 1.11.0, < 2.0.0");
    }

    /// <summary>The inventory.</summary>
    protected PlatformSpec Platform { get; }

    /// <summary>
    /// A state address: the construct's path below the stack, without CDKTF's hash. Paths are unique, and construct ids never
    /// contain an underscore, so paths joined with underscores are unique as well.
    /// </summary>
    protected override string AllocateLogicalId(object tfElement)
    {
        // A construct's text is its path: one question to Node.js instead of two. A variable's text is its reference.
        var path = tfElement switch
        {
            TerraformVariable variable => variable.Node.Path,
            TerraformElement element => element.ToString()!,
            _ => ((Node)tfElement).Path,
        };
        return path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace('/', '_');
    }
}
