using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Nodes;

namespace InfraCdktf.Pipeline.Access;

/// <summary><c>access kubeconfig</c>: a short-lived way in for somebody whom the inventory names.</summary>
public static class AccessKubeconfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var environment = Required("--environment", "NAME", "The environment that is entered.");
        var profile = Required(
            "--profile",
            "PROFILE",
            "What the grant says: viewer, restarter, developer, operator or deployer."
        );
        var person = Required("--for", "NAME", "Who enters: the name of a grant of this environment.");
        var hours = new Option<int>("--hours")
        {
            HelpName = "N",
            Required = true,
            Description = $"How long, 1 to {TokenLimits.LongestHours} hours.",
        };
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > TokenLimits.LongestHours)
                result.AddError(
                    $"--hours: given {result.Tokens[0].Value}; allowed are 1 to {TokenLimits.LongestHours}. A token is renewed, not made to last."
                );
        });
        var file = new Option<string?>("--output")
        {
            HelpName = "FILE",
            Description = "The kubeconfig that is written; outputs/kubeconfig/ENVIRONMENT-NAME otherwise.",
        };
        return context.Verb(
            "kubeconfig",
            "Write a kubeconfig with a short-lived token for somebody whom the inventory names.",
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
                var asked = TimeSpan.FromHours(parsed.GetRequiredValue(hours));
                var space = place.NamespacesOf(grant).First();
                var path = Path.GetFullPath(
                    parsed.GetValue(file) ?? Path.Combine("outputs", "kubeconfig", $"{place.Name}-{grant.Name}"),
                    workspace.Directory
                );
                var kubectl = new Kubectl(workspace);
                var token = await AccessToken.RequestAsync(kubectl, place.AccessNamespace, grant.Name, asked, null, cancellation);
                await token.WriteKubeconfigAsync(kubectl, space, path, cancellation);
                var given = token.Expires - workspace.Time.GetUtcNow();
                output.Line(
                    $"{grant.Name} may enter {place.Name} as {Kebab(grant.Profile)} until {AccessToken.Until(token.Expires)}: {path}"
                );
                // The answer says how long; a minute is the road.
                if (given < asked - TimeSpan.FromMinutes(1))
                    output.Line(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Asked for {asked.TotalHours:0} h, the API server gives {given.TotalHours:0.0} h."
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

    private static (EnvironmentSpec, AccessGrant) Grant(PlatformSpec platform, string environment, string person, string profile)
    {
        EnvironmentSpec place =
            platform.Environments.FirstOrDefault(one => one.Name.Text == environment)
            ?? throw new UsageException(
                $"--environment {environment}: there is no such environment. Allowed are {string.Join(", ", platform.Environments.Select(one => one.Name))}."
            );
        var grant = place.Access.FirstOrDefault(one => one.Name == person && Kebab(one.Profile) == profile);
        if (grant is not null)
            return (place, grant);
        var allowed = place.Access.Select(one => $"--for {one.Name} --profile {Kebab(one.Profile)}").ToList();
        throw new UsageException(
            $"--for {person} --profile {profile}: the inventory grants no such thing in {environment}. "
                + (allowed.Count > 0 ? $"Allowed are {string.Join("; ", allowed)}. " : "Nobody has a grant there. ")
                + "A new grant is a line in the environment's Access, reviewed and deployed like any change."
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
