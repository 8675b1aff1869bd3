using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

public static partial class SharedServices
{
    /// <summary>Opens SealedSecrets. One replica: a second one would only wait; while it restarts, existing Secrets stay.</summary>
    private static SharedService SealedSecrets(PlatformSpec platform) =>
        new()
        {
            Name = "sealed-secrets",
            Chart = new("sealed-secrets", "https://bitnami.github.io/sealed-secrets", "2.19.3"),
            Namespace = platform.System.Name.Text,
            DependsOn = [MonitoringRelease],
            Values = new()
            {
                // The name that kubeseal looks for; the namespace is given to it with --controller-namespace.
                ["fullnameOverride"] = "sealed-secrets-controller",
                ["resources"] = Resources("50m", "64Mi", "250m", "256Mi"),
                ["metrics"] = new JsonObject { ["serviceMonitor"] = new JsonObject { ["enabled"] = true } },
                ["nodeSelector"] = OnSystemPool(platform),
                ["tolerations"] = ToleratesSystemPool(platform),
            },
        };
}
