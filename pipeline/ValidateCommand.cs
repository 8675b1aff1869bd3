using System.CommandLine;
using InfraCdktf.Environments;
using Spectre.Console;

namespace InfraCdktf.Pipeline;

/// <summary><c>validate</c>: says everything that is wrong with the inventory.</summary>
public static class ValidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context) =>
        context.Verb(
            "validate",
            "Check the inventory and name every problem at once; exit 1 when there is one.",
            [],
            (_, output, _) =>
            {
                var problems = InventoryCheck.Problems(context.Workspace().Platform);
                if (problems.Count > 0)
                    output.People.Write(Table(problems));
                output.Line(
                    problems.Count == 0 ? "The inventory has no problem." : $"The inventory has {problems.Count} problem(s)."
                );
                output.Json(new { problems });
                return Task.FromResult(problems.Count == 0 ? ExitCode.Done : ExitCode.Failed);
            }
        );

    private static Table Table(IEnumerable<Problem> problems)
    {
        var table = new Table().AddColumns("Code", "Place", "Given", "Allowed", "What to do");
        foreach (var problem in problems)
            table.AddRow(
                new Text(problem.Code),
                new Text(problem.Place),
                new Text(problem.Given),
                new Text(problem.Allowed),
                new Text(problem.Remedy)
            );
        return table;
    }
}
