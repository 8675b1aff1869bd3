using Constructs;
using InfraCdktf.Constructs.Linode;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Stacks;

/// <summary>
/// The bucket of Terraform's live state, and two keys to it. The bucket exists before this stack is first applied, because it
/// also stores this stack's state. The archive bucket is not here: object lock can only be set when a bucket is created, and only
/// through S3.
/// </summary>
public sealed class StateStack : PlatformStack
{
    /// <summary>Composes the stack.</summary>
    public StateStack(Construct scope, PlatformSpec platform)
        : base(scope, StackNames.State, platform)
    {
        LinodeApi.AddTo(this);
        var bucket = new LiveStateBucket(this, "live", new() { Storage = platform.State, Region = platform.Region });
        var names = ResourceNames.Of(platform);
        foreach (var access in Enum.GetValues<KeyAccess>())
            _ = new LimitedKey(
                this,
                access == KeyAccess.Read ? "plan" : "apply",
                new()
                {
                    Label = names.StateKey(access),
                    Access = access,
                    Region = platform.Region,
                    Buckets = [bucket.Name],
                }
            );
    }
}
