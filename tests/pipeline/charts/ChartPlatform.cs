using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Charts;

/// <summary>The small platform with one release whose chart has a <c>crds/</c> folder, and CRDs for it.</summary>
internal static class ChartPlatform
{
    public const string Release = "helm_release.monitoring";

    /// <summary>A workspace whose chart has a version.</summary>
    public static Workspace At(string version, SandboxFixture sandbox) =>
        sandbox.Workspace with
        {
            Synthesize = (platform, output) => Synthesize(platform, output, version),
        };

    /// <summary>The command that an error names for a version.</summary>
    public static string Command(string version) =>
        $"helm show crds stack --repo https://charts.example.com --version {version} | ./infra charts crds monitoring --yes";

    /// <summary>Runs <c>charts crds monitoring</c> with an input; null is a terminal.</summary>
    public static Task<(int Code, string Output, string Error)> CrdsAsync(
        this SandboxFixture sandbox,
        string version,
        string? input,
        string options = ""
    ) =>
        sandbox.RunAsync(
            $"charts crds monitoring {options}".TrimEnd(),
            At(version, sandbox) with
            {
                Input = input is null ? null : new StringReader(input),
            }
        );

    /// <summary>A CRD in YAML, as charts have it; the last of its versions is the one that is stored.</summary>
    public static string Crd(string plural, params string[] versions) => Of("example.com", plural, versions);

    /// <summary>A CRD of another API group.</summary>
    public static string Of(string group, string plural, params string[] versions) =>
        $$"""
            # a comment, as generators write it
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              annotations:
                generator: "0.17"
              name: {{plural}}.{{group}}
            spec:
              group: {{group}}
              names: {kind: {{plural}}Kind, plural: {{plural}}}
              scope: Namespaced
              versions:
            {{string.Concat(versions.Select(version => Version(version, version == versions[^1])))}}
            status:
              storedVersions: null

            """;

    /// <summary>The CRDs in the cluster.</summary>
    public static async Task<IReadOnlyList<JsonObject>> CrdsInClusterAsync(this SandboxFixture sandbox) =>
        await new Kubectl(sandbox.Workspace).ListAsync("crds", null, CancellationToken.None);

    private static string Version(string name, bool stored) =>
        $"  - {{name: {name}, served: true, storage: {(stored ? "true" : "false")}, "
        + "schema: {openAPIV3Schema: {type: object}}}\n";

    private static void Synthesize(PlatformSpec platform, string output, string version) =>
        SmallPlatform.Synthesize(
            platform,
            output,
            (stack, configuration) =>
            {
                if (stack != "system")
                    return;
                configuration["provider"]!["helm"] = new JsonArray(new JsonObject());
                configuration["terraform"]!["required_providers"]!["helm"] = new JsonObject
                {
                    ["source"] = "hashicorp/helm",
                    ["version"] = "3.1.1",
                };
                configuration["resource"]!["helm_release"] = new JsonObject
                {
                    ["monitoring"] = new JsonObject
                    {
                        ["//"] = new JsonObject { ["crd_groups"] = new JsonArray("example.com") },
                        ["name"] = "monitoring",
                        ["namespace"] = "${kubernetes_namespace_v1.space.metadata[0].name}",
                        ["chart"] = "stack",
                        ["repository"] = "https://charts.example.com",
                        ["version"] = version,
                    },
                };
            }
        );
}
