using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments;

/// <summary>The inventory of this repository.</summary>
public static class Inventory
{
    /// <summary>
    /// The platform as it is deployed. A new environment is one file in this folder and one line in <c>Applications</c>.
    /// </summary>
    public static PlatformSpec Platform { get; } =
        new()
        {
            Project = "infra",
            Owner = "platform-team",
            Contacts = new("platform@example.com", "#platform"),
            Repository = "https://github.com/example/infra-cdktf",
            Region = "us-ord",
            DnsZone = "platform.example.com",
            KubernetesVersion = "v1.34.6+lke2",
            Tier = ClusterTier.Enterprise,
            Addresses = new(Vpc: "10.64.0.0/16", Nodes: "10.64.0.0/20"),
            Pools =
            [
                new()
                {
                    Name = "system",
                    Type = "g6-dedicated-8",
                    MinNodes = 3,
                    MaxNodes = 6,
                    Taints = [new("dedicated", "system", "NoSchedule")],
                },
                new()
                {
                    Name = "application",
                    Type = "g6-dedicated-8",
                    MinNodes = 3,
                    MaxNodes = 10,
                },
                new()
                {
                    Name = "build",
                    Type = "g6-dedicated-4",
                    MinNodes = 1,
                    MaxNodes = 10,
                    Taints = [new("dedicated", "build", "NoSchedule")],
                },
            ],
            ControlPlaneAccess =
            [
                new("office-vpn", "203.0.113.0/28", "Engineers through the corporate VPN."),
                new("pipeline-runners", "198.51.100.16/29", "Self-hosted runners that plan and apply."),
            ],
            State = new()
            {
                Bucket = "infra-terraform-state",
                ArchiveBucket = "infra-terraform-archive",
                Endpoint = "us-ord-10.linodeobjects.com",
            },
            System = SystemEnvironment.Environment,
            Applications = [Development.Environment, Staging.Environment, Production.Environment],
            Overrides = NetworkOverrides.All,
        };
}
