using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Support;

/// <summary>Approved network overrides, one of each kind. The shipped inventory has no overrides.</summary>
public static class SampleOverrides
{
    /// <summary>The first day of each override.</summary>
    public static DateOnly Opened => Pods.Opened;

    /// <summary>The last day of each override.</summary>
    public static DateOnly Expires => Pods.Expires;

    /// <summary>
    /// Pods in development connect to an API in staging. docs/network-overrides.md shows this record before its approval.
    /// </summary>
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

    /// <summary>The source pods of <see cref="Pods"/>.</summary>
    public static OverridePods Reports => ((OverrideScope.Pods)Pods.Scope).From;

    /// <summary>The destination pods of <see cref="Pods"/>.</summary>
    public static OverridePods Api => ((OverrideScope.Pods)Pods.Scope).To;

    /// <summary>Pods in development connect to a partner's API outside the cluster.</summary>
    public static NetworkOverride Outside { get; } =
        Pods with
        {
            Name = "partner",
            Approvers = ["grace"],
            Scope = new OverrideScope.Outside(Reports, "198.51.100.64/28", [new(443)]),
        };

    /// <summary>A scanner connects to the nodes.</summary>
    public static NetworkOverride Nodes { get; } =
        Pods with
        {
            Name = "scanner",
            Approvers = ["grace"],
            Scope = new OverrideScope.Nodes("198.51.100.80/32", [new(22), new(8000, 8010)]),
        };

    /// <summary>A consultant connects to the Kubernetes API server.</summary>
    public static NetworkOverride ControlPlane { get; } =
        Pods with
        {
            Name = "consultant",
            Approvers = ["grace"],
            Scope = new OverrideScope.ControlPlane("203.0.113.64/32"),
        };

    /// <summary>The shipped platform with <see cref="Pods"/>.</summary>
    public static PlatformSpec WithPods { get; } = With(Pods);

    /// <summary>The shipped platform with these overrides.</summary>
    public static PlatformSpec With(params IReadOnlyList<NetworkOverride> overrides) =>
        Inventory.Platform with
        {
            Overrides = overrides,
        };
}
