using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// A hand-made synthesis with a few resources per stack, for any inventory. It uses no construct, so the tests of the pipeline
/// run in seconds and test only the pipeline.
/// </summary>
internal static class SmallPlatform
{
    /// <summary>The shipped inventory with one application environment.</summary>
    public static PlatformSpec Platform { get; } = Inventory.Platform with { Applications = [Development.Environment] };

    /// <summary>Objects in all stacks of <see cref="Platform"/>.</summary>
    public const int Resources = 2 + 3 + 1 + 3;

    /// <summary>Writes the stacks of a platform.</summary>
    public static void Synthesize(PlatformSpec platform, string output) => Synthesize(platform, output, (_, _) => { });

    /// <summary>Writes the stacks of a platform after an edit of each one's configuration.</summary>
    public static void Synthesize(PlatformSpec platform, string output, Action<string, JsonObject> edit)
    {
        foreach (var stack in StackNames.Waves(platform).SelectMany(wave => wave))
        {
            var configuration = Configuration(platform, stack);
            configuration["terraform"] = Backend(StateAddress.Of(platform, stack));
            edit(stack, configuration);
            var directory = Directory.CreateDirectory(Path.Combine(output, "stacks", stack)).FullName;
            File.WriteAllText(Path.Combine(directory, "cdk.tf.json"), configuration.ToJsonString());
        }
    }

    private static JsonObject Configuration(PlatformSpec platform, string stack) =>
        Parse(
            stack switch
            {
                StackNames.State => State(platform),
                StackNames.Core => Core(platform),
                _ when stack == platform.System.Name.Text => Namespace(stack),
                _ => Application(stack),
            }
        );

    private static string State(PlatformSpec platform) =>
        $$"""
            {
              "provider": { "linode": [{ "api_version": "v4beta" }] },
              "resource": {
                "linode_object_storage_bucket": {
                  "live": { "label": "{{platform.State.Bucket}}", "region": "us-ord", "lifecycle": { "prevent_destroy": true } }
                },
                "linode_object_storage_key": {
                  "plan": {
                    "label": "plan",
                    "bucket_access": [
                      {
                        "bucket_name": "${linode_object_storage_bucket.live.label}",
                        "permissions": "read_only",
                        "region": "us-ord"
                      }
                    ]
                  }
                }
              }
            }
            """;

    private static string Core(PlatformSpec platform) =>
        $$"""
            {
              "provider": { "linode": [{ "api_version": "v4beta" }] },
              "resource": {
                "linode_vpc": {
                  "main": { "label": "{{platform.Project}}-core", "region": "us-ord", "lifecycle": { "prevent_destroy": true } }
                },
                "linode_vpc_subnet": {
                  "nodes": { "vpc_id": "${tonumber(linode_vpc.main.id)}", "label": "nodes", "ipv4": "10.64.0.0/20" }
                },
                "linode_firewall": {
                  "nodes": {
                    "label": "nodes", "inbound_policy": "DROP", "outbound_policy": "ACCEPT", "tags": ["environment:system"]
                  }
                }
              },
              "output": {
                "network": { "value": "${linode_vpc.main.label}" },
                "subnets": { "value": ["${linode_vpc_subnet.nodes.label}"] },
                "hidden": { "value": "not for others", "sensitive": true }
              }
            }
            """;

    private static string Namespace(string name) =>
        $$"""
            {
              "provider": { "kubernetes": [{}] },
              "resource": {
                "kubernetes_namespace_v1": {
                  "space": { "metadata": { "name": "{{name}}", "labels": { "environment": "{{name}}" } } }
                }
              }
            }
            """;

    private static string Application(string name) =>
        $$"""
            {
              "provider": { "kubernetes": [{}] },
              "variable": {
                "network": { "type": "string", "default": "known-after-core", "description": "{{StackNames.CoreOutput}}" },
                "subnets": { "type": "list(string)", "default": [], "description": "{{StackNames.CoreOutput}}" },
                "password": { "type": "string", "ephemeral": true }
              },
              "resource": {
                "kubernetes_namespace_v1": {
                  "space": { "metadata": { "name": "{{name}}", "labels": { "environment": "{{name}}" } } }
                },
                "kubernetes_config_map_v1": {
                  "network": {
                    "metadata": { "name": "network", "namespace": "${kubernetes_namespace_v1.space.metadata[0].name}" },
                    "data": { "network": "${var.network}", "subnets": "${join(\",\", var.subnets)}" }
                  }
                },
                "kubernetes_secret_v1": {
                  "data_store": {
                    "metadata": { "name": "datastore", "namespace": "${kubernetes_namespace_v1.space.metadata[0].name}" },
                    "data_wo": { "password": "${var.password}" },
                    "data_wo_revision": 1
                  }
                }
              }
            }
            """;

    private static JsonObject Backend(StateAddress address) =>
        Parse(
            $$"""
            {
              "backend": {
                "s3": {
                  "bucket": "{{address.Bucket}}",
                  "key": "{{address.Key}}",
                  "region": "{{address.Region}}",
                  "endpoints": { "s3": "{{address.Endpoint}}" },
                  "encrypt": true,
                  "use_lockfile": true,
                  "use_path_style": true,
                  "skip_credentials_validation": true,
                  "skip_metadata_api_check": true,
                  "skip_region_validation": true,
                  "skip_requesting_account_id": true,
                  "skip_s3_checksum": true
                }
              },
              "required_providers": {
                "linode": { "source": "linode/linode", "version": "3.13.0" },
                "kubernetes": { "source": "hashicorp/kubernetes", "version": "2.38.0" }
              }
            }
            """
        );

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
