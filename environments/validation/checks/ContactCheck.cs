using System.Text.RegularExpressions;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Values;
using static InfraCdktf.Environments.Validation.Checks.Quoting;

namespace InfraCdktf.Environments.Validation.Checks;

/// <summary>E-mail addresses, chat channels, the repository, the DNS zone, and the required texts.</summary>
internal static partial class ContactCheck
{
    public static IEnumerable<Problem> Problems(InventoryValue<PlatformSpec> inventory) =>
        [
            .. Wrong([inventory.Of(platform => platform.Contacts.Team)], IsEmail, ProblemCatalog.InvalidEmail),
            .. Wrong(Channels(inventory), IsChannel, ProblemCatalog.InvalidChannel),
            .. Wrong(Texts(inventory), text => !string.IsNullOrWhiteSpace(text), ProblemCatalog.MissingText),
            .. Wrong([inventory.Of(platform => platform.Repository)], IsRepository, ProblemCatalog.InvalidRepository),
            .. Wrong(
                [inventory.Of(platform => platform.DnsZone)],
                zone => IsZone(zone, inventory.Value),
                ProblemCatalog.InvalidDnsZone
            ),
        ];

    private static IEnumerable<Problem> Wrong(
        IEnumerable<InventoryValue<string>> texts,
        Func<string, bool> isValid,
        ProblemKind kind
    ) => texts.Where(text => !isValid(text.Value)).Select(text => kind.At(text.Path, Quote(text.Value)));

    private static IEnumerable<InventoryValue<string>> Channels(InventoryValue<PlatformSpec> inventory) =>
        [
            inventory.Of(platform => platform.Contacts.Channel),
            .. inventory
                .Environments()
                .SelectMany(environment => environment.Each(spec => spec.AlertRoutes, route => route.Channel))
                .Select(route => route.Of(one => one.Channel)),
        ];

    private static IEnumerable<InventoryValue<string>> Texts(InventoryValue<PlatformSpec> inventory) =>
        [
            .. inventory.ControlPlaneAccess().Select(network => network.Of(one => one.Reason)),
            .. inventory
                .Overrides()
                .SelectMany(one =>
                    new[]
                    {
                        one.Of(record => record.RequestedBy),
                        one.Of(record => record.Reason),
                        one.Of(record => record.Ticket),
                    }
                ),
            .. inventory.Environments().Select(environment => environment.Of(spec => spec.Purpose)),
            .. inventory
                .Environments()
                .SelectMany(InventoryValue.AdmissionExceptions)
                .Select(exception => exception.Of(one => one.Reason)),
            .. inventory.Applications().SelectMany(InventoryValue.Teams).Select(team => team.Of(one => one.Contact)),
            .. inventory
                .Applications()
                .SelectMany(InventoryValue.Destinations)
                .Select(destination => destination.Of(one => one.Reason)),
            .. inventory.Applications().SelectMany(environment => environment.Optional(spec => spec.ApiServerReason)),
        ];

    private static bool IsEmail(string text)
    {
        var at = text.LastIndexOf('@');
        return at is > 0 and <= 64 && LocalPart().IsMatch(text[..at]) && IsDomain(text[(at + 1)..].ToLowerInvariant());
    }

    /// <summary>
    /// Slack's rule for channel names, the strictest of the chats in use (api.slack.com/methods/conversations.create).
    /// </summary>
    private static bool IsChannel(string text) => Channel().IsMatch(text);

    private static bool IsRepository(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && text.StartsWith("https://", StringComparison.Ordinal)
        && !text.Any(char.IsWhiteSpace)
        && uri is { UserInfo: "", Query: "", Fragment: "" }
        && !text.EndsWith('/');

    /// <summary>Host names are {service}.{subdomain}.{zone}, where the service is one label.</summary>
    private static bool IsZone(string zone, PlatformSpec platform)
    {
        var longest = platform.Applications.Max(environment => environment.Exposure?.Subdomain.Length) ?? 0;
        return IsDomain(zone) && EnvironmentName.MaxLength + 1 + longest + 1 + zone.Length <= DnsName.MaxLength;
    }

    private static bool IsDomain(string text) => DnsName.IsValid(text) && text.Contains('.', StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LocalPart();

    [GeneratedRegex(@"^#[a-z0-9][-_a-z0-9]{0,79}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Channel();
}
