using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

public static partial class SharedServices
{
    /// <summary>Certificates, also for listeners of a Gateway. With Gateway API on it crash-loops until those CRDs exist, so it comes after.</summary>
    private static SharedService CertManager(PlatformSpec platform) =>
        new()
        {
            Name = "cert-manager",
            Chart = new("cert-manager", "https://charts.jetstack.io", "v1.21.1"),
            Namespace = platform.System.Name.Text,
            DependsOn = [MonitoringRelease, GatewayRelease],
            Values = new()
            {
                // Templated, so they follow upgrades; kept, because deleting a CRD deletes every certificate.
                ["crds"] = new JsonObject { ["enabled"] = true, ["keep"] = true },
                // The default elects leaders in kube-system, and needs rights there for nothing else.
                ["global"] = new JsonObject { ["leaderElection"] = new JsonObject { ["namespace"] = platform.System.Name.Text } },
                ["config"] = new JsonObject { ["gatewayAPI"] = new JsonObject { ["enabled"] = true } },
                ["replicaCount"] = 2,
                ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
                ["topologySpreadConstraints"] = OneEachNode("app.kubernetes.io/name", "cert-manager"),
                ["resources"] = Resources("50m", "128Mi", "500m", "512Mi"),
                ["nodeSelector"] = OnSystemPool(platform),
                ["tolerations"] = ToleratesSystemPool(platform),
                ["prometheus"] = new JsonObject { ["servicemonitor"] = new JsonObject { ["enabled"] = true } },
                ["webhook"] = new JsonObject
                {
                    ["replicaCount"] = 2,
                    ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
                    ["topologySpreadConstraints"] = OneEachNode("app.kubernetes.io/name", "webhook"),
                    ["resources"] = Resources("50m", "64Mi", "250m", "256Mi"),
                    ["nodeSelector"] = OnSystemPool(platform),
                    ["tolerations"] = ToleratesSystemPool(platform),
                },
                ["cainjector"] = new JsonObject
                {
                    ["replicaCount"] = 2,
                    ["podDisruptionBudget"] = new JsonObject { ["enabled"] = true },
                    ["topologySpreadConstraints"] = OneEachNode("app.kubernetes.io/name", "cainjector"),
                    ["resources"] = Resources("50m", "128Mi", "250m", "512Mi"),
                    ["nodeSelector"] = OnSystemPool(platform),
                    ["tolerations"] = ToleratesSystemPool(platform),
                },
                ["startupapicheck"] = new JsonObject
                {
                    ["resources"] = Resources("20m", "32Mi", "100m", "64Mi"),
                    ["nodeSelector"] = OnSystemPool(platform),
                    ["tolerations"] = ToleratesSystemPool(platform),
                },
            },
        };
}
