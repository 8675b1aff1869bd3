using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Reachability;

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
        var matrix = new Option<bool>("--matrix") { Description = "Print all allowed connections." };
        return context.Verb(
            "validate",
            "Check the inventory, list every problem, and print what is open between environments; exit 1 if there is a problem.",
            [explain, matrix, skipSynth],
            async (parsed, output, _) =>
            {
                var workspace = context.Workspace();
                var skip = parsed.GetValue(skipSynth);
                await Needs
                    .Of(workspace, "validate")
                    .Synthesis(skip, workspace.Waves([]).SelectMany(wave => wave))
                    .RequireAsync();
                var needs = workspace.SharedServices(workspace.Platform);
                var review = OverrideGate.Review(workspace, output);
                IReadOnlyList<Problem> problems = [.. InventoryCheck.Problems(workspace.Platform, needs), .. review.Problems];
                if (problems.Count > 0)
                    Write(output, problems);
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
                // The last line is what was asked for.
                var verdict =
                    problems.Count == 0 ? "The inventory has no problem." : $"The inventory has {problems.Count} problem(s).";
                var isQuestion = parsed.GetValue(explain) is [_, _];
                if (isQuestion)
                    output.Line(verdict);
                if (isComplete)
                    Reach(workspace, parsed.GetValue(explain), parsed.GetValue(matrix), skip, output, result);
                if (!isQuestion)
                    output.Line(verdict);
                output.Json(result);
                return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
    }

    private static void Report(IReadOnlyList<RecordedException> exceptions, CapacityReport? capacity, CommandOutput output)
    {
        output.Line($"\nRecorded exceptions: {exceptions.Count}");
        if (exceptions.Count > 0)
            Write(output, exceptions);
        if (capacity is null)
            return;
        output.Line("\nCapacity: needed of available, in each namespace; memory in Gi");
        Write(output, capacity.Namespaces);
        output.Line($"Subnets have {capacity.Addresses.Addresses} addresses of the VPC's range {capacity.Addresses.Range}.");
    }

    private static void Reach(
        Workspace workspace,
        string[]? explain,
        bool isComplete,
        bool skipSynth,
        CommandOutput output,
        JsonObject result
    )
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
        result["matrix"] = matrix.ToJson();
        if (!isComplete)
        {
            output.Line(Between(workspace.Platform, matrix));
            return;
        }
        output.Line(
            "\nAllowed connections, from the row to the column (# all ports, + some, . none; blank: no policy decides):\n\n"
                + MatrixSummary.Text(matrix)
        );
    }

    // The short form: what the overrides open. Everything else between two application environments is closed.
    private static string Between(PlatformSpec platform, Matrix matrix)
    {
        var environments = platform.Applications.Select(one => one.Name.Text).ToHashSet(StringComparer.Ordinal);
        var open = matrix
            .Pairs.Where(pair =>
                pair is { From: Pod from, To: Pod to, Ports.Count: > 0 }
                && from.Namespace != to.Namespace
                && environments.Contains(from.Namespace)
                && environments.Contains(to.Namespace)
            )
            .Select(pair => $"\n  {pair}")
            .ToList();
        return $"\nOpen between application environments: {(open.Count == 0 ? "nothing" : string.Concat(open))}. "
            + "--matrix prints all allowed connections, --explain FROM TO:PORT one of them.";
    }

    private static void Write(CommandOutput output, IEnumerable<Problem> problems) =>
        output.Rows(
            [new("Code"), new("Path"), new("Given"), new("Allowed") { IsProse = true }, new("What to do") { IsProse = true }],
            problems.Select(one => (IReadOnlyList<string>)[one.Code, one.Path, one.Given, one.Allowed, one.Remedy])
        );

    private static void Write(CommandOutput output, IEnumerable<RecordedException> exceptions) =>
        output.Rows(
            [new("Path"), new("Allows") { IsProse = true }, new("Reason") { IsProse = true }, new("Last day")],
            exceptions.Select(one =>
                (IReadOnlyList<string>)
                    [one.Place, one.Allows, one.Reason, one.Expires?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? ""]
            )
        );

    private static void Write(CommandOutput output, IEnumerable<NamespaceCapacity> namespaces) =>
        output.Rows(
            [
                new("Namespace"),
                new("Contact"),
                new("For") { IsProse = true },
                new("Pods"),
                new("CPU requests"),
                new("Memory requests"),
                new("CPU limits"),
                new("Memory limits"),
            ],
            namespaces.Select(one =>
                (IReadOnlyList<string>)
                    [
                        one.Namespace,
                        one.Contact,
                        one.For,
                        $"{one.Pods}",
                        $"{one.RequestsCpu}",
                        $"{one.RequestsMemory}",
                        $"{one.LimitsCpu}",
                        $"{one.LimitsMemory}",
                    ]
            )
        );
}
