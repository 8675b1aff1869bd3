using Constructs;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// The bucket that Terraform's state lies in, its own included, and the two keys to it. The bucket is there before this stack is first
/// applied (it holds this stack's state); the archive bucket is not here, because object lock can only be set when a bucket is created, and only through S3.
/// </summary>
public sealed class StateStack : PlatformStack
{
    /// <summary>Composes the stack.</summary>
    public StateStack(Construct scope, PlatformSpec platform)
        : base(scope, StackNames.State, platform)
    {
        Providers.Linode(this);
        var bucket = new LiveStateBucket(this, "live", new() { Storage = platform.State, Region = platform.Region });
        ResourceNames naming = ResourceNames.Of(platform);
        foreach (var access in Enum.GetValues<KeyAccess>())
        {
            _ = new LimitedKey(
                this,
                access == KeyAccess.Read ? "plan" : "apply",
                new()
                {
                    Label = naming.StateKey(access),
                    Access = access,
                    Region = platform.Region,
                    Buckets = [bucket.Name],
                }
            );
        }
    }
}
