using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// <c>access kubeconfig</c>: writes a kubeconfig with a short-lived token for a person that the inventory names.
/// </summary>
public static class AccessKubeconfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var environment = Required("--environment", "NAME", "The environment to access.");
        var profile = Required(
            "--profile",
            "PROFILE",
            "The profile of the grant: viewer, restarter, developer, operator or deployer."
        );
        var person = Required("--for", "NAME", "The name of a grant of this environment.");
        var hours = CommandContext.Number(
            "--hours",
            "N",
            $"How long the token is valid, 1 to {TokenLimits.LongestHours} hours.",
            1,
            TokenLimits.LongestHours,
            remedy: "Request a new token when this one expires."
        );
        hours.Required = true;
        var file = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "The kubeconfig file to write; outputs/kubeconfig/ENVIRONMENT-NAME by default.",
        };
        return context.Verb(
            "kubeconfig",
            "Write a kubeconfig with a short-lived token for a person that the inventory names.",
            [environment, profile, person, hours, file],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var (place, grant) = Grant(
                    workspace.Platform,
                    parsed.GetRequiredValue(environment),
                    parsed.GetRequiredValue(person),
                    parsed.GetRequiredValue(profile)
                );
                var asked = TimeSpan.FromHours(parsed.GetRequiredValue(hours)!.Value);
                var space = place.NamespacesOf(grant).First();
                var path = Path.GetFullPath(
                    parsed.GetValue(file) ?? Path.Combine(IssuedKubeconfig.DirectoryOf(workspace), $"{place.Name}-{grant.Name}"),
                    workspace.Directory
                );
                await Needs.Of(workspace, "access kubeconfig").Cluster().RequireAsync();
                var kubectl = new Kubectl(workspace);
                // Nobody needs the archive's keys to renew an own token. A token for another person is recorded before it exists.
                if (await kubectl.UserNameAsync(cancellation) != AccountNames.UserName(place.AccessNamespace, grant.Name))
                    await RecordAsync(workspace, place, grant, asked, output, cancellation);
                var token = await AccessToken.RequestAsync(kubectl, place.AccessNamespace, grant.Name, asked, null, cancellation);
                await token.WriteKubeconfigAsync(kubectl, space, path, cancellation);
                var given = token.Expires - workspace.Time.GetUtcNow();
                output.Line(
                    $"{grant.Name} has access to {place.Name} as {Kebab(grant.Profile)} "
                        + $"until {AccessToken.Until(token.Expires)}: {path}"
                );
                // The API server decides the lifetime; one minute is allowed for the call itself.
                if (given < asked - TimeSpan.FromMinutes(1))
                    output.Line(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Requested {asked.TotalHours:0} h; the API server gave {given.TotalHours:0.0} h."
                        )
                    );
                output.Json(
                    new
                    {
                        environment = place.Name.Text,
                        name = grant.Name,
                        profile = Kebab(grant.Profile),
                        @namespace = space,
                        file = path,
                        expires = token.Expires,
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    private static async Task RecordAsync(
        Workspace workspace,
        EnvironmentSpec place,
        AccessGrant grant,
        TimeSpan asked,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var run = await RunContext.ReadAsync(workspace, cancellation);
        await AuditTrail.KeepAsync(
            workspace,
            AuditRecord.Of(
                run,
                Offboarding.KubeconfigRecord,
                workspace.Platform.System.Name.Text,
                reason: null,
                new
                {
                    grant.Name,
                    Environment = place.Name.Text,
                    Profile = Kebab(grant.Profile),
                    // The API server may shorten the lifetime.
                    End = run.Started + asked,
                }
            ),
            output,
            cancellation
        );
    }

    private static (EnvironmentSpec, AccessGrant) Grant(PlatformSpec platform, string environment, string person, string profile)
    {
        EnvironmentSpec place =
            platform.Environments.FirstOrDefault(one => one.Name.Text == environment)
            ?? throw AccessListCommand.NoEnvironment(platform, environment);
        var grant = place.Access.FirstOrDefault(one => one.Name == person && Kebab(one.Profile) == profile);
        if (grant is not null)
            return (place, grant);
        var allowed = place.Access.Select(one => $"--for {one.Name} --profile {Kebab(one.Profile)}").ToList();
        throw new UsageException(
            $"--for {person} --profile {profile}: the inventory has no such grant in {environment}; allowed: "
                + (allowed.Count > 0 ? $"{string.Join("; ", allowed)}. " : "none, because that environment has no grants. ")
                + "To add a grant, add a line to the environment's Access, then review and deploy it like any change."
        );
    }

    private static string Kebab(AccessProfile profile) => JsonNamingPolicy.KebabCaseLower.ConvertName(profile.ToString());

    private static Option<string> Required(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Required = true,
            Description = description,
        };
}
