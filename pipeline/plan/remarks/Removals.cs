namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>
/// Objects whose end takes more with it than their address says: a bucket, a namespace, a DNS zone, an access key, a network.
/// Linode deletes only an empty bucket: the provider empties it if obj_bucket_force_delete is set, which this project does not do
/// (linode/terraform-provider-linode, linode/objbucket/resource.go, deleteResource). Kubernetes deletes everything in a namespace
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/).
/// </summary>
internal sealed class Removals : IRemarkRule
{
    /// <inheritdoc/>
    public IEnumerable<PlanRemark> Look(ResourceChange change)
    {
        if (change.Action is not (PlannedAction.Destroy or PlannedAction.Replace))
            yield break;
        var text = (change.Type, change.Kind) switch
        {
            ("linode_object_storage_bucket", _) =>
                $"The bucket {change.Name} is removed. Linode deletes only an empty bucket: otherwise the apply fails.",
            ("linode_object_storage_key", _) when change.Action == PlannedAction.Replace =>
                $"The access key {change.Name} is replaced: programs lose their access until they have the new one.",
            ("linode_object_storage_key", _) => $"The access key {change.Name} ends: programs with it lose their access.",
            ("linode_domain", _) => $"The DNS zone {change.Name} is removed with all its records.",
            ("linode_vpc" or "linode_vpc_subnet", _) => $"The network {change.Name} is removed.",
            (_, "Namespace") => $"The namespace {change.Name} is removed. Kubernetes deletes everything in it, volumes included.",
            (_, "Secret") => $"The Secret {change.Name} is removed: pods that need it do not start any more.",
            ("helm_release", _) => $"The release {change.Name} is uninstalled with everything that its chart created.",
            _ => null,
        };
        if (text is not null)
            yield return new(RemarkKind.Destroys, text);
    }
}
