using System.Diagnostics;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.NamespaceV1;
using HashiCorp.Cdktf.Providers.Kubernetes.NetworkPolicyV1;
using HashiCorp.Cdktf.Providers.Kubernetes.Provider;
using InfraCdktf.Environments;
using InfraCdktf.Stacks;

namespace InfraCdktf.Bench;

/// <summary>The phases of one synthesis, in milliseconds, and the peak memory of its process.</summary>
/// <param name="Load">Until the first construct existed: Node.js, the libraries, the types.</param>
/// <param name="Make">From then until all resources existed.</param>
/// <param name="Write">From then until the JSON was written.</param>
/// <param name="Megabytes">Peak memory in MB; for C# without its Node.js process.</param>
internal sealed record Phases(double Load, double Make, double Write, double Megabytes);

/// <summary>The C# side of the comparison. Each synthesis runs in its own process, like a command.</summary>
internal static class Synthesis
{
    /// <summary>The same resources as synthesize.mjs: namespaces, each with a network policy, over six stacks.</summary>
    public static Phases OfNamespaces(int resources, string outputDirectory)
    {
        var clock = Stopwatch.StartNew();
        var app = new App(new AppConfig { Outdir = outputDirectory });
        var loaded = clock.Elapsed;
        foreach (var s in Enumerable.Range(0, 6))
        {
            var stack = new TerraformStack(app, $"stack-{s}");
            _ = new KubernetesProvider(stack, "kubernetes");
            for (var i = s; i < resources / 2; i += 6)
                Add(stack, i);
        }
        var made = clock.Elapsed;
        app.Synth();
        return Measured(loaded, made, clock.Elapsed);
    }

    /// <summary>The real platform: all stacks of the inventory.</summary>
    public static Phases OfPlatform(string outputDirectory)
    {
        var clock = Stopwatch.StartNew();
        var app = new App(new AppConfig { Outdir = outputDirectory, StackTraces = false });
        var loaded = clock.Elapsed;
        PlatformApp.Compose(app, Inventory.Platform);
        var made = clock.Elapsed;
        app.Synth();
        return Measured(loaded, made, clock.Elapsed);
    }

    private static void Add(TerraformStack stack, int i)
    {
        var labels = new Dictionary<string, string> { ["environment"] = "bench", ["owner"] = $"team-{i}" };
        var metadata = new NamespaceV1Metadata { Name = $"team-{i}", Labels = labels };
        var created = new NamespaceV1(stack, $"namespace-{i}", new NamespaceV1Config { Metadata = metadata });
        _ = new NetworkPolicyV1(
            stack,
            $"policy-{i}",
            new NetworkPolicyV1Config
            {
                Metadata = new NetworkPolicyV1Metadata { Name = "default-deny", Namespace = created.Metadata.Name },
                Spec = new NetworkPolicyV1Spec
                {
                    PodSelector = new NetworkPolicyV1SpecPodSelector(),
                    PolicyTypes = ["Ingress", "Egress"],
                },
            }
        );
    }

    internal static Phases Measured(TimeSpan loaded, TimeSpan made, TimeSpan written) =>
        new(
            loaded.TotalMilliseconds,
            (made - loaded).TotalMilliseconds,
            (written - made).TotalMilliseconds,
            Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0
        );
}
