using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.StorageClassV1;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="EncryptedStorage"/>.</summary>
public sealed record EncryptedStorageProps
{
    /// <summary>Linode tags of the volumes.</summary>
    public required IReadOnlyList<string> VolumeTags { get; init; }

    /// <summary>Labels of the classes.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
}

/// <summary>
/// The platform's storage classes (<see cref="StorageClasses"/>): encrypted block storage, which LKE does not install, with
/// tagged volumes, so that orphaned volumes can be found. LKE's default class is not changed: on enterprise Linode reverts a
/// change.
/// </summary>
public sealed class EncryptedStorage : Construct
{
    /// <summary>Creates the classes.</summary>
    public EncryptedStorage(Construct scope, string id, EncryptedStorageProps props)
        : base(scope, id)
    {
        Classes = [Class(StorageClasses.Encrypted, "Delete", props), Class(StorageClasses.EncryptedRetain, "Retain", props)];
    }

    /// <summary>The classes, for the <c>depends_on</c> of the workloads that claim storage.</summary>
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
                // The volume is created in the region of the pod's node.
                VolumeBindingMode = "WaitForFirstConsumer",
                Parameters = new Dictionary<string, string>
                {
                    ["linodebs.csi.linode.com/encrypted"] = "true",
                    ["linodebs.csi.linode.com/volumeTags"] = string.Join(',', props.VolumeTags),
                },
            }
        );
}
