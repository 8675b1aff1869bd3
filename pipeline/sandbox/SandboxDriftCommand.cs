using System.CommandLine;
using System.Security.Cryptography;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox.Accounts;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox drift</c>: changes something outside Terraform.</summary>
public static class SandboxDriftCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var seed = CommandContext.Number(
            "--seed",
            "N",
            "Make the same change as the run with this seed on the same account; random by default.",
            0,
            int.MaxValue
        );
        var directory = SandboxCommand.DirectoryOption();
        return context.Verb(
            "drift",
            "Change or delete one object of the sandbox outside Terraform, as a user of the cloud's console would.",
            [seed, directory],
            (parsed, output, _) =>
            {
                var place = SandboxCommand.PlaceOf(context.Workspace(), parsed.GetValue(directory));
                place.Require();
                try
                {
                    var change = new Account(place.Account).ChangeOutside(
                        parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1, 1_000_000)
                    );
                    output.Line($"Changed outside Terraform: {change}");
                    output.Json(change);
                    return Task.FromResult(ExitCode.Done);
                }
                catch (InvalidOperationException nothing)
                {
                    throw new PipelineException($"{place.FullPath}: {nothing.Message}");
                }
            }
        );
    }
}
