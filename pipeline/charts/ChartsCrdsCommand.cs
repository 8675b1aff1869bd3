using System.CommandLine;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Charts;

/// <summary><c>charts crds</c>: upgrades the CRDs of a chart, which Helm does not.</summary>
public static class ChartsCrdsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The Helm release, for example envoy-gateway." };
        var yes = new Option<bool>("--yes") { Description = "Apply them; without it the command only shows what would change." };
        return context.Verb(
            "crds",
            "Apply the CRDs of a chart's pinned version, read from standard input; without input, print the whole command.",
            [name, yes],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                await Needs.Of(workspace, "charts crds").Tool(Tool.Node).RequireAsync();
                var chart = Named(workspace, parsed.GetRequiredValue(name));
                var cluster = new ClusterCrds(workspace);
                var manifests = await ManifestsAsync(workspace, chart, cancellation);
                var upgrade = CrdUpgrade.Of(chart, manifests, await cluster.ReadAsync(chart.Groups, cancellation));
                upgrade.Require();
                foreach (var line in upgrade.Lines)
                    output.Line(line);
                var apply = parsed.GetValue(yes);
                if (apply)
                    await cluster.ApplyAsync(upgrade.Crds, upgrade.Left, chart.Mark, cancellation);
                output.Line(
                    apply
                        ? $"The cluster has the {upgrade.Crds.Count} CRDs of {chart.Mark}. Next: plan and deploy."
                        : $"Nothing was changed. To apply them:\n{chart.ApplyCommand}"
                );
                output.Json(
                    new
                    {
                        release = chart.Release,
                        chart = chart.Chart,
                        version = chart.Version,
                        crds = upgrade.Crds.Select(crd => new { crd.Name, crd.Versions }),
                        left = upgrade.Left.Select(crd => crd.Name),
                        applied = apply,
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    private static ChartWithCrds Named(Workspace workspace, string name)
    {
        var charts = workspace.Synthesized(directory =>
            StackNames
                .Waves(workspace.Platform)
                .SelectMany(wave => wave)
                .SelectMany(stack => ChartWithCrds.Of(StackDirectory.Read(directory, stack)))
                .ToList()
        );
        return charts.FirstOrDefault(chart => chart.Release == name)
            ?? throw new UsageException(
                $"NAME: given {name}; allowed: {string.Join(", ", charts.Select(chart => chart.Release).Order())}. "
                    + "Name a release whose chart has a crds/ folder."
            );
    }

    private static async Task<IReadOnlyList<JsonObject>> ManifestsAsync(
        Workspace workspace,
        ChartWithCrds chart,
        CancellationToken cancellation
    )
    {
        var text = workspace.Input is { } input ? await input.ReadToEndAsync(cancellation) : "";
        // Without input there is nothing to read, and an empty one is what the pipe has after a failed "helm show".
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UsageException(
                $"Standard input: given nothing; allowed: the CRDs of {chart.Mark}. Run:\n{chart.ApplyCommand}"
            );
        }
        try
        {
            return await Kubectl.OfTerraform(workspace).ReadManifestsAsync(text, cancellation);
        }
        catch (PipelineException exception)
        {
            throw new PipelineException(
                $"Standard input: not the CRDs of {chart.Mark}: {exception.Message} Nothing was changed. The command is:\n"
                    + chart.ApplyCommand
            );
        }
    }
}
