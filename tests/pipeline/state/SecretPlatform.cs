using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Rehearsal;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>The small platform with all that puts secrets into a state: a cluster (kubeconfig), a database (password), an access key (token).</summary>
internal static class SecretPlatform
{
    /// <summary>Writes the stacks.</summary>
    public static void Synthesize(PlatformSpec platform, string output) => SmallPlatform.Synthesize(platform, output, AddSecrets);

    /// <summary>Writes them with one object less in core: a version before.</summary>
    public static void SynthesizeWithoutFirewall(PlatformSpec platform, string output) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                AddSecrets(stack, configuration);
                configuration["resource"]!.AsObject().Remove("linode_firewall");
            }
        );

    /// <summary>What must be found nowhere: what the account's objects hold by now, what the caller gave, and the keys themselves.</summary>
    public static PlantedSecrets Secrets(SandboxFixture sandbox)
    {
        var workspace = sandbox.Workspace;
        var given = workspace.Environment.Where(variable =>
            variable.Key is "TF_VAR_password" or "AWS_SECRET_ACCESS_KEY"
            || variable.Key.StartsWith("STATE_KEY_", StringComparison.Ordinal)
            || variable.Key == "AWS_SSE_CUSTOMER_KEY"
        );
        return new PlantedSecrets([]).With(ProviderSecrets.Of(sandbox.Sandbox.Account).Concat(given));
    }

    private static void AddSecrets(string stack, JsonObject configuration)
    {
        if (stack != StackNames.Core)
            return;
        var resources = configuration["resource"]!.AsObject();
        resources["linode_lke_cluster"] = JsonNode.Parse(
            """{ "main": { "label": "infra-core-lke", "region": "us-ord", "k8s_version": "1.34", "pool": [{ "type": "g6-standard-2", "count": 3 }] } }"""
        );
        resources["linode_database_postgresql_v2"] = JsonNode.Parse(
            """{ "pg": { "label": "infra-production-pg", "engine_id": "postgresql/16", "region": "us-ord", "type": "g6-standard-1" } }"""
        );
        resources["linode_object_storage_bucket"] = JsonNode.Parse("""{ "assets": { "label": "assets", "region": "us-ord" } }""");
        resources["linode_object_storage_key"] = JsonNode.Parse(
            """{ "assets": { "label": "assets", "bucket_access": [{ "bucket_name": "${linode_object_storage_bucket.assets.label}", "permissions": "read_only", "region": "us-ord" }] } }"""
        );
    }
}
