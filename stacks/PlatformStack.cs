using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>What all stacks have in common: where their state lies, and state addresses that people can read.</summary>
public abstract class PlatformStack : TerraformStack
{
    /// <summary>Makes the stack and its backend.</summary>
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
                // The bucket is not at AWS: there is no STS, no instance metadata, and no region that AWS knows.
                SkipCredentialsValidation = true,
                SkipRegionValidation = true,
                SkipRequestingAccountId = true,
                SkipMetadataApiCheck = true,
                SkipS3Checksum = true,
            }
        );
        // Not in CDKTF 0.21's typed backend. It locks on an unversioned bucket only.
        backend.AddOverride("use_lockfile", true);
        AddOverride("terraform.required_version", ">= 1.11.0, < 2.0.0");
    }

    /// <summary>The inventory.</summary>
    protected PlatformSpec Platform { get; }

    /// <summary>
    /// An id is a state address: the construct's path below the stack, without CDKTF's hash. Paths are unique, so the ids are; ids of
    /// constructs never contain an underscore, so joining with one keeps them so.
    /// </summary>
    protected override string AllocateLogicalId(object tfElement)
    {
        var node = tfElement is TerraformElement element ? element.Node : (Node)tfElement;
        var path = node.Path;
        return path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace('/', '_');
    }
}
