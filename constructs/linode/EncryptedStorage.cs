using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.StorageClassV1;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="EncryptedStorage"/> needs.</summary>
public sealed record EncryptedStorageProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>Labels of the classes.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// Our storage classes: encrypted block storage, which LKE does not install, and tagged volumes, so that orphans are found. Every claim names one, because
/// LKE's default class is neither encrypted nor ours (on enterprise a change of it is reverted).
/// </summary>
public sealed class EncryptedStorage : Construct
{
    /// <summary>Makes the classes.</summary>
    public EncryptedStorage(Construct scope, string id, EncryptedStorageProps props)
        : base(scope, id)
    {
        Classes = [Class(StorageClasses.Encrypted, "Delete", props), Class(StorageClasses.EncryptedRetain, "Retain", props)];
    }

    /// <summary>The classes; what claims storage waits for them.</summary>
    public IReadOnlyList<ITerraformDependable> Classes { get; }

    private StorageClassV1 Class(string name, string reclaimPolicy, EncryptedStorageProps props) =>
        new(
            this,
            name,
            new StorageClassV1Config
            {
                Metadata = new StorageClassV1Metadata { Name = name, Labels = props.Labels.ToDictionary() },
                StorageProvisioner = "linodebs.csi.linode.com",
                ReclaimPolicy = reclaimPolicy,
                AllowVolumeExpansion = true,
                // The volume is made where the pod lands.
                VolumeBindingMode = "WaitForFirstConsumer",
                Parameters = new Dictionary<string, string>
                {
                    ["linodebs.csi.linode.com/encrypted"] = "true",
                    ["linodebs.csi.linode.com/volumeTags"] = string.Join(',', Labels.SharedTags(props.Platform)),
                },
            }
        );
}
