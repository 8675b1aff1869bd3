using System.Globalization;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Pipeline.Validate;

/// <summary>An exception to the platform's rules that the inventory records with its reason.</summary>
/// <param name="Kind">podSecurity, admissionRule, controlPlane or override.</param>
/// <param name="Place">The path of the record in the inventory.</param>
/// <param name="Allows">What the exception allows.</param>
/// <param name="Reason">The recorded reason.</param>
/// <param name="Expires">The last day of an override (UTC); null for an exception without an end.</param>
public sealed record RecordedException(string Kind, string Place, string Allows, string Reason, DateOnly? Expires)
{
    /// <summary>All recorded exceptions of an inventory, in its order.</summary>
    public static IReadOnlyList<RecordedException> Of(PlatformSpec platform)
    {
        var inventory = InventoryValue.Of(platform);
        return
        [
            .. inventory.Environments().SelectMany(PodSecurity),
            .. inventory.Environments().SelectMany(InventoryValue.AdmissionExceptions).Select(AdmissionRule),
            .. inventory.ControlPlaneAccess().Select(ControlPlane),
            .. inventory.Overrides().Select(Override),
        ];
    }

    private static IEnumerable<RecordedException> PodSecurity(InventoryValue<EnvironmentSpec> environment)
    {
        var level = environment.Of(spec => spec.PodSecurity);
        if (level.Value != PodSecurityLevel.Restricted)
            yield return new(
                "podSecurity",
                level.Path.Text,
                $"Pod Security level {Lower(level.Value)}",
                environment.Value.PodSecurityReason ?? "",
                null
            );
    }

    private static RecordedException AdmissionRule(InventoryValue<AdmissionException> exception)
    {
        var (rule, mode, reason) = exception.Value;
        return new(
            "admissionRule",
            exception.Path.Text,
            mode == EnforcementMode.Warn ? $"{rule} warns and does not refuse" : $"{rule} is off",
            reason,
            null
        );
    }

    private static RecordedException ControlPlane(InventoryValue<AllowedNetwork> network) =>
        new(
            "controlPlane",
            network.Path.Text,
            $"{network.Value.Name} ({network.Value.Range}) reaches the API server",
            network.Value.Reason,
            null
        );

    private static RecordedException Override(InventoryValue<NetworkOverride> one) =>
        new("override", one.Path.Text, Scope(one.Value.Scope), one.Value.Reason, one.Value.Expires);

    private static string Scope(OverrideScope scope) =>
        scope switch
        {
            OverrideScope.Pods pods => $"{Pods(pods.From)} reach {Pods(pods.To)} on {Ports(pods.Ports)}",
            OverrideScope.Outside outside => $"{Pods(outside.From)} reach {outside.To} on {Ports(outside.Ports)}",
            OverrideScope.Nodes nodes => $"{nodes.From} reaches the nodes on {Ports(nodes.Ports)}",
            OverrideScope.ControlPlane plane => $"{plane.From} reaches the API server",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "Unknown scope of an override."),
        };

    private static string Pods(OverridePods pods) =>
        $"pods of {pods.Namespace} with {string.Join(", ", pods.Pods.Select(label => $"{label.Key}={label.Value}"))}";

    private static string Ports(IEnumerable<PortRange> ports) =>
        string.Join(", ", ports.Select(port => $"{port.ProtocolText} {port.Range}"));

    private static string Lower(PodSecurityLevel level) => level.ToString().ToLower(CultureInfo.InvariantCulture);
}
