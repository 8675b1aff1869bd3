using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

public static partial class SharedServices
{
    private const string GatewayRelease = "envoy-gateway";

    /// <summary>Envoy Gateway: the controller that turns Gateway API objects into Envoy proxies, and the CRDs of both.</summary>
    private static SharedService Gateway(PlatformSpec platform) =>
        new()
        {
            Name = GatewayRelease,
            Chart = new("gateway-helm", "oci://docker.io/envoyproxy", "1.9.1"),
            Namespace = platform.System.Name.Text,
            Values = new()
            {
                // The chart's own way to the CRDs (Gateway API 1.6, Envoy Gateway): the separate CRD chart is larger than a release may be.
                // Helm installs them once and never upgrades them: an upgrade of this chart begins with its CRDs.
                ["crds"] = new JsonObject { ["enabled"] = true },
                ["podDisruptionBudget"] = new JsonObject { ["minAvailable"] = 1 },
                ["deployment"] = new JsonObject
                {
                    ["replicas"] = 2,
                    ["envoyGateway"] = new JsonObject { ["resources"] = Resources("100m", "256Mi", "1", "1Gi") },
                    ["pod"] = new JsonObject
                    {
                        ["topologySpreadConstraints"] = OneEachNode("control-plane", "envoy-gateway"),
                        ["nodeSelector"] = OnSystemPool(platform),
                        ["tolerations"] = ToleratesSystemPool(platform),
                    },
                },
                ["certgen"] = new JsonObject
                {
                    ["job"] = new JsonObject
                    {
                        ["resources"] = Resources("50m", "64Mi", "250m", "128Mi"),
                        ["nodeSelector"] = OnSystemPool(platform),
                        ["tolerations"] = ToleratesSystemPool(platform),
                    },
                },
            },
        };
}
