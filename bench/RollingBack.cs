using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Sandbox;

namespace InfraCdktf.Bench;

/// <summary>Measures the rollback of a large stack with every object changed, with the real Terraform in the sandbox.</summary>
internal static class RollingBack
{
    private const int Resources = 300;

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync(string directory)
    {
        var platform = Inventory.Platform;
        var stack = platform.System.Name.Text;
        await using var sandbox = await CloudSandbox.StartAsync(
            new()
            {
                Directory = Path.Combine(directory, "account"),
                Buckets = [platform.State.Bucket],
                LockedBuckets = [platform.State.ArchiveBucket],
            }
        );
        sandbox.RecordIn(directory);
        var workspace = new Workspace
        {
            Platform = platform,
            Synthesize = (_, _) => { },
            Directory = directory,
            Output = Path.Combine(directory, "cdktf.out"),
            Environment = new Dictionary<string, string>(sandbox.Environment)
            {
                ["PATH"] = System.Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = directory,
            },
        };
        Write(workspace, stack, "good");
        await TimeAsync("deploy", stack, "--yes", "--skip-synth");
        Write(workspace, stack, "bad");
        var deploy = await TimeAsync("deploy", stack, "--yes", "--skip-synth");
        var rollback = await TimeAsync("rollback", stack, "--to", "last-good", "--yes");
        var ratio = rollback / deploy;
        Console.WriteLine(
            FormattableString.Invariant(
                $"{Resources} objects, all changed: deploy {deploy:f1} s, rollback {rollback:f1} s, {ratio:f2} times the deploy"
            )
        );

        async Task<double> TimeAsync(params string[] arguments)
        {
            var (clock, error) = (Stopwatch.StartNew(), new StringWriter());
            var code = await CommandLine.RunAsync(arguments, () => workspace, TextWriter.Null, error);
            return code == ExitCode.Done ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException(error.ToString());
        }
    }

    private static void Write(Workspace workspace, string stack, string value)
    {
        var address = StateAddress.Of(workspace.Platform, stack);
        var objects = Enumerable
            .Range(1, Resources)
            .Select(number =>
                $$"""
                    "m{{number}}": {
                      "metadata": { "name": "m{{number}}", "namespace": "default" },
                      "data": { "value": "{{value}}" }
                    }
                    """
            );
        var json = $$"""
            {
              "terraform": {
                "backend": {
                  "s3": {
                    "bucket": "{{address.Bucket}}", "key": "{{address.Key}}", "region": "{{address.Region}}",
                    "endpoints": { "s3": "{{address.Endpoint}}" }, "encrypt": true, "use_lockfile": true, "use_path_style": true,
                    "skip_credentials_validation": true, "skip_metadata_api_check": true, "skip_region_validation": true,
                    "skip_requesting_account_id": true, "skip_s3_checksum": true
                  }
                },
                "required_providers": { "kubernetes": { "source": "hashicorp/kubernetes", "version": "2.38.0" } }
              },
              "provider": { "kubernetes": [{}] },
              "resource": { "kubernetes_config_map_v1": { {{string.Join(", ", objects)}} } }
            }
            """;
        var directory = Directory.CreateDirectory(Path.Combine(workspace.Output, "stacks", stack)).FullName;
        File.WriteAllText(Path.Combine(directory, StackDirectory.FileName), JsonNode.Parse(json)!.ToJsonString());
    }
}
