using System.Text.RegularExpressions;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>How people, chats, the repository and the DNS zone are reached; and the sentences that people rely on.</summary>
internal static partial class ContactCheck
{
    public static IEnumerable<Problem> Problems(PlatformSpec platform) =>
        [
            .. Emails(platform)
                .Where(email => !IsEmail(email.Text))
                .Select(email => ProblemCatalog.InvalidEmail.At(email.Place, Quote(email.Text))),
            .. Channels(platform)
                .Where(channel => !IsChannel(channel.Text))
                .Select(channel => ProblemCatalog.InvalidChannel.At(channel.Place, Quote(channel.Text))),
            .. Texts(platform)
                .Where(text => string.IsNullOrWhiteSpace(text.Text))
                .Select(text => ProblemCatalog.MissingText.At(text.Place, Quote(text.Text))),
            .. IsRepository(platform.Repository)
                ? Array.Empty<Problem>()
                : [ProblemCatalog.InvalidRepository.At("repository", Quote(platform.Repository))],
            .. IsZone(platform) ? Array.Empty<Problem>() : [ProblemCatalog.InvalidDnsZone.At("dnsZone", Quote(platform.DnsZone))],
        ];

    private static IEnumerable<(string Text, string Place)> Emails(PlatformSpec platform) =>
        [(platform.Contacts.Team, "contacts.team"), (platform.Contacts.Security, "contacts.security")];

    private static IEnumerable<(string Text, string Place)> Channels(PlatformSpec platform) =>
        [
            (platform.Contacts.Channel, "contacts.channel"),
            .. InventoryPath
                .Environments(platform)
                .SelectMany(part =>
                    part.Environment.AlertRoutes.Select(route =>
                        (route.Channel, $"{part.Place}.alertRoutes[{route.Channel}].channel")
                    )
                ),
        ];

    private static IEnumerable<(string Text, string Place)> Texts(PlatformSpec platform) =>
        [
            .. platform.ControlPlaneAccess.Select(network => (network.Reason, $"controlPlaneAccess[{network.Name}].reason")),
            .. platform.Overrides.SelectMany(one =>
                new[]
                {
                    (one.RequestedBy, $"{InventoryPath.Of(one)}.requestedBy"),
                    (one.Reason, $"{InventoryPath.Of(one)}.reason"),
                    (one.Ticket, $"{InventoryPath.Of(one)}.ticket"),
                }
            ),
            .. InventoryPath
                .Environments(platform)
                .SelectMany(part =>
                    part.Environment.AdmissionExceptions.Select(exception =>
                            (exception.Reason, $"{part.Place}.admissionExceptions[{exception.Rule}].reason")
                        )
                        .Prepend((part.Environment.Purpose, $"{part.Place}.purpose"))
                ),
            .. InventoryPath
                .Applications(platform)
                .SelectMany(part =>
                    part.Environment.Teams.Select(team => (team.Contact, $"{part.Place}.teams[{team.Name}].contact"))
                        .Concat(
                            part.Environment.Destinations.Select(destination =>
                                (destination.Reason, $"{part.Place}.destinations[{destination.Name}].reason")
                            )
                        )
                ),
            .. InventoryPath
                .Applications(platform)
                .Where(part => part.Environment.ApiServerReason is not null)
                .Select(part => (part.Environment.ApiServerReason!, $"{part.Place}.apiServerReason")),
        ];

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && LocalPart().IsMatch(text[..at]) && IsDomain(text[(at + 1)..].ToLowerInvariant());
    }

    /// <summary>Slack's rule for channel names, the strictest of the chats in use (api.slack.com/methods/conversations.create).</summary>
    private static bool IsChannel(string text) => Channel().IsMatch(text);

    private static bool IsRepository(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && text.StartsWith("https://", StringComparison.Ordinal)
        && !text.Any(char.IsWhiteSpace)
        && uri is { UserInfo: "", Query: "", Fragment: "" }
        && !text.EndsWith('/');

    /// <summary>A service's own label and the environment's subdomain stand before the zone.</summary>
    private static bool IsZone(PlatformSpec platform)
    {
        var longest = platform.Applications.Select(environment => environment.Exposure?.Subdomain.Length ?? 0).DefaultIfEmpty().Max();
        return IsDomain(platform.DnsZone)
            && EnvironmentName.MaxLength + 1 + longest + 1 + platform.DnsZone.Length <= DnsName.MaxLength;
    }

    private static bool IsDomain(string text) => DnsName.IsValid(text) && text.Contains('.', StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LocalPart();

    [GeneratedRegex(@"^#[a-z0-9][-_a-z0-9]{0,79}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Channel();
}
