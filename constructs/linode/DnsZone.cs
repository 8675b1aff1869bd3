using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Domain;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Constructs.Linode;

/// <summary>What <see cref="DnsZone"/> needs.</summary>
public sealed record DnsZoneProps
{
    /// <summary>The inventory.</summary>
    public required PlatformSpec Platform { get; init; }
}

/// <summary>The platform's DNS zone. Domains are unique over all Linode accounts, so a lost one may not come back.</summary>
public sealed class DnsZone : Construct
{
    /// <summary>Makes the zone.</summary>
    public DnsZone(Construct scope, string id, DnsZoneProps props)
        : base(scope, id) =>
        _ = new Domain_(
            this,
            "zone",
            new DomainConfig
            {
                Domain = props.Platform.DnsZone,
                Type = "master",
                SoaEmail = props.Platform.Contacts.Team,
                Tags = [.. Labels.SharedTags(props.Platform)],
                Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
            }
        );
}
