using System.CommandLine;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary><c>sandbox</c>: a stand-in cloud on this machine, to try every command in.</summary>
public static class SandboxCommand
{
    /// <summary>The command group.</summary>
    public static Command Create(CommandContext context) =>
        new("sandbox", "Try the platform on this machine: a stand-in cloud for Terraform and kubectl, without an account.")
        {
            SandboxUpCommand.Create(context),
            SandboxStatusCommand.Create(context),
            SandboxShellCommand.Create(context),
            SandboxRunCommand.Create(context),
            SandboxDriftCommand.Create(context),
            SandboxFaultCommand.Create(context),
            SandboxDownCommand.Create(context),
        };

    /// <summary>The option that names another directory.</summary>
    internal static Option<string?> DirectoryOption() =>
        new("--directory")
        {
            HelpName = "DIR",
            Description = $"The directory of the sandbox, or of a kept rehearsal; {SandboxDirectory.Name} by default.",
        };

    /// <summary>The directory that is named, that of the sandbox that the command runs in, or the checkout's.</summary>
    internal static SandboxDirectory PlaceOf(Workspace workspace, string? given) =>
        given is not null
            ? new(Path.GetFullPath(given, workspace.Directory))
            : SandboxEnvironment.Of(workspace.Environment) ?? new(Path.Combine(workspace.Directory, SandboxDirectory.Name));
}
