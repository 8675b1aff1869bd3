using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Support;

/// <summary>Overrides as they are once approved, one of each kind. The shipped inventory has none.</summary>
public static class SampleOverrides
{
    /// <summary>The first day of all of them.</summary>
    public static DateOnly Opened => Pods.Opened;

    /// <summary>The last day of all of them.</summary>
    public static DateOnly Expires => Pods.Expires;

    /// <summary>Reports of development read an interface of staging. docs/network-overrides.md shows this record before its approval.</summary>
    public static NetworkOverride Pods { get; } =
        new()
        {
            Name = "report-import",
            RequestedBy = "ada",
            Reason = "Reports are compared with staging's until the migration is done.",
            Ticket = "PLAT-17",
            Approvers = ["grace", "linus"],
            Opened = new(2027, 1, 11),
            Expires = new(2027, 3, 12),
            Scope = new OverrideScope.Pods(
                From: new("development", new Dictionary<string, string> { ["app"] = "reports" }),
                To: new("staging", new Dictionary<string, string> { ["app"] = "api" }),
                Ports: [new(8080)]
            ),
        };

    /// <summary>The pods that connect.</summary>
    public static OverridePods Reports => ((OverrideScope.Pods)Pods.Scope).From;

    /// <summary>The pods that receive.</summary>
    public static OverridePods Api => ((OverrideScope.Pods)Pods.Scope).To;

    /// <summary>Reports of development read a partner's interface.</summary>
    public static NetworkOverride Outside { get; } =
        Pods with
        {
            Name = "partner",
            Approvers = ["grace"],
            Scope = new OverrideScope.Outside(Reports, "198.51.100.64/28", [new(443)]),
        };

    /// <summary>A scanner reaches the nodes.</summary>
    public static NetworkOverride Nodes { get; } =
        Pods with
        {
            Name = "scanner",
            Approvers = ["grace"],
            Scope = new OverrideScope.Nodes("198.51.100.80/32", [new(22), new(8000, 8010)]),
        };

    /// <summary>A consultant reaches the API server.</summary>
    public static NetworkOverride ControlPlane { get; } =
        Pods with
        {
            Name = "consultant",
            Approvers = ["grace"],
            Scope = new OverrideScope.ControlPlane("203.0.113.64/32"),
        };

    /// <summary>The shipped platform with these overrides.</summary>
    public static PlatformSpec With(params IReadOnlyList<NetworkOverride> overrides) =>
        Inventory.Platform with
        {
            Overrides = overrides,
        };
}
