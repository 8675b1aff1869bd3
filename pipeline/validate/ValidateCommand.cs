using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Validate;

/// <summary>
/// <c>validate</c>: lists every problem of the inventory today, its recorded exceptions and the capacity that its quotas leave,
/// and prints the connections that its network policies allow.
/// </summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var skipSynth = CommandContext.SkipSynth();
        var explain = new Option<string[]>("--explain")
        {
            Arity = new(2, 2),
            AllowMultipleArgumentsPerToken = true,
            HelpName = "FROM TO:PORT",
            Description =
                "Show one connection, and the rule that decides at each end. FROM and TO: namespace/pod[,label=value...], an "
                + "address, or a name of the matrix. PORT: a number, with /udp for UDP, /tcp,udp for both.",
        };
        return context.Verb(
            "validate",
            "Check the inventory, list every problem, and print all allowed connections; exit 1 if there is a problem.",
            [explain, skipSynth],
            async (parsed, output, _) =>
            {
                var workspace = context.Workspace();
                await Needs
                    .Of(workspace, "validate")
                    .Synthesis(parsed.GetValue(skipSynth), workspace.Waves([]).SelectMany(wave => wave))
                    .RequireAsync();
                var needs = workspace.SharedServices(workspace.Platform);
                var review = OverrideGate.Review(workspace, output);
                IReadOnlyList<Problem> problems = [.. InventoryCheck.Problems(workspace.Platform, needs), .. review.Problems];
                if (problems.Count > 0)
                    output.People.Write(Table(problems));
                output.Line(
                    problems.Count == 0 ? "The inventory has no problem." : $"The inventory has {problems.Count} problem(s)."
                );
                // A problem with the dates of an override changes neither its policies nor a quota, so the rest can still be
                // printed.
                var isComplete = problems.Count == review.Problems.Count;
                var exceptions = RecordedException.Of(workspace.Platform);
                var capacity = isComplete ? CapacityReport.Of(workspace.Platform, needs.Workloads) : null;
                if (parsed.GetValue(explain) is not [_, _])
                    Report(exceptions, capacity, output);
                var result = new JsonObject
                {
                    ["problems"] = CommandOutput.ToJson(problems),
                    ["overrides"] = CommandOutput.ToJson(
                        review.Overrides.Select(one => new
                        {
                            one.Override.Name,
                            one.Phase,
                            one.Override.Expires,
                        })
                    ),
                    ["exceptions"] = CommandOutput.ToJson(exceptions),
                };
                if (capacity is not null)
                    result["capacity"] = CommandOutput.ToJson(capacity);
                if (isComplete)
                    Reach(workspace, parsed.GetValue(explain), parsed.GetValue(skipSynth), output, result);
                output.Json(result);
                return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static void Report(IReadOnlyList<RecordedException> exceptions, CapacityReport? capacity, CommandOutput output)
    {
        output.Line($"\nRecorded exceptions: {exceptions.Count}");
        if (exceptions.Count > 0)
            output.People.Write(Table(exceptions));
        if (capacity is null)
            return;
        output.Line("\nCapacity: needed of available, in each namespace; memory in Gi");
        output.People.Write(Table(capacity.Namespaces));
        output.Line($"Subnets have {capacity.Addresses.Addresses} addresses of the VPC's range {capacity.Addresses.Range}.");
    }

    private static void Reach(Workspace workspace, string[]? explain, bool skipSynth, CommandOutput output, JsonObject result)
    {
        var cluster = skipSynth ? SynthesizedCluster.Read(workspace.Output) : workspace.Synthesized(SynthesizedCluster.Read);
        if (explain is [var from, var to])
        {
            var questions = Question.Parse(cluster, from, to);
            output.Line("");
            foreach (var pod in new[] { questions[0].From, questions[0].To }.OfType<Pod>())
                output.Line($"{pod} has labels {string.Join(", ", pod.Labels.Select(label => $"{label.Key}={label.Value}"))}");
            var evaluator = new Evaluator(cluster);
            var answers = questions.Select(question => evaluator.Evaluate(question.From, question.To, question.Port)).ToList();
            foreach (var answer in answers)
                output.Line(answer.Explain());
            if (answers is [var only])
                result["answer"] = only.ToJson();
            else
                result["answers"] = new JsonArray([.. answers.Select(answer => answer.ToJson())]);
            return;
        }
        var matrix = Matrix.Of(cluster);
        output.Line(
            "\nAllowed connections, from the row to the column (# all ports, + some, . none; blank: no policy decides):\n\n"
                + MatrixSummary.Text(matrix)
        );
        result["matrix"] = matrix.ToJson();
    }

    private static Table Table(IEnumerable<Problem> problems)
    {
        var table = new Table().AddColumns("Code", "Path", "Given", "Allowed", "What to do");
        foreach (var problem in problems)
            table.AddRow(
                new Text(problem.Code),
                new Text(problem.Path),
                new Text(problem.Given),
                new Text(problem.Allowed),
                new Text(problem.Remedy)
            );
        return table;
    }

    private static Table Table(IEnumerable<RecordedException> exceptions)
    {
        var table = new Table().AddColumns("Path", "Allows", "Reason", "Last day");
        foreach (var one in exceptions)
            table.AddRow(
                new Text(one.Place),
                new Text(one.Allows),
                new Text(one.Reason),
                new Text(one.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "")
            );
        return table;
    }

    private static Table Table(IEnumerable<NamespaceCapacity> namespaces)
    {
        var table = new Table().AddColumns(
            "Namespace",
            "Contact",
            "For",
            "Pods",
            "CPU requests",
            "Memory requests",
            "CPU limits",
            "Memory limits"
        );
        foreach (var one in namespaces)
            table.AddRow(
                new Text(one.Namespace),
                new Text(one.Contact),
                new Text(one.For),
                new Text($"{one.Pods}"),
                new Text($"{one.RequestsCpu}"),
                new Text($"{one.RequestsMemory}"),
                new Text($"{one.LimitsCpu}"),
                new Text($"{one.LimitsMemory}")
            );
        return table;
    }
}
