using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Domain;
using InfraCdktf.Constructs.Kubernetes;

namespace InfraCdktf.Constructs.Linode;

/// <summary>Input of <see cref="DnsZone"/>.</summary>
public sealed record DnsZoneProps
{
    /// <summary>The zone's name ("platform.example.com").</summary>
    public required string Zone { get; init; }

    /// <summary>The e-mail address in the zone's SOA record.</summary>
    public required string Email { get; init; }

    /// <summary>Linode tags.</summary>
    public required IReadOnlyList<string> Tags { get; init; }
}

/// <summary>
/// The platform's DNS zone. A domain is unique over all Linode accounts, so another account could register a deleted one: it is
/// protected against destruction.
/// </summary>
public sealed class DnsZone : Construct
{
    /// <summary>Creates the zone.</summary>
    public DnsZone(Construct scope, string id, DnsZoneProps props)
        : base(scope, id) =>
        _ = new Domain_(
            this,
            "zone",
            new DomainConfig
            {
                Domain = props.Zone,
                Type = "master",
                Description = "Host names of the platform's services.",
                SoaEmail = TerraformText.Escape(props.Email),
                Tags = [.. props.Tags],
                Lifecycle = new TerraformResourceLifecycle { PreventDestroy = true },
            }
        );
}
