using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access upload-records</c>: uploads the audit records of uses while the archive could not be reached.</summary>
public static class AccessUploadRecordsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var files = new Argument<string[]>("FILE")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Files with audit records; all files of outputs/audit if none is named.",
        };
        return context.Verb(
            "upload-records",
            "Upload the audit records that were kept in files because the archive could not be reached.",
            [files],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var named = parsed
                    .GetValue(files)!
                    .Select(file => Path.GetFullPath(file, workspace.Directory))
                    .Distinct()
                    .ToList();
                var all = named.Count > 0 ? named : AuditTrail.Waiting(workspace);
                if (all.Count > 0)
                    await Needs
                        .Of(workspace, "access upload-records")
                        .Buckets()
                        .Keys([workspace.Platform.System.Name.Text])
                        .RequireAsync();
                var uploaded = all.Count == 0 ? [] : await AuditTrail.UploadAsync(workspace, all, cancellation);
                foreach (var key in uploaded)
                    output.Line($"In the archive, locked: {key}");
                if (all.Count == 0)
                    output.Line("No audit record waits in outputs/audit.");
                output.Json(new { uploaded });
                return ExitCode.Done;
            }
        );
    }
}
