using System.Text.Json.Nodes;

namespace InfraCdktf.Constructs.Services;

/// <summary>A chart, pinned.</summary>
/// <param name="Name">The chart's name in its repository.</param>
/// <param name="Repository">An https chart repository, or an <c>oci://</c> registry path.</param>
/// <param name="Version">The exact version.</param>
public sealed record ChartPin(string Name, string Repository, string Version);

/// <summary>One release of a shared service: what is installed, where, with which values.</summary>
public sealed record SharedService
{
    /// <summary>The release's name and the last part of its state address; never changed.</summary>
    public required string Name { get; init; }

    /// <summary>The chart and its version.</summary>
    public required ChartPin Chart { get; init; }

    /// <summary>The namespace it is installed in, which exists already.</summary>
    public required string Namespace { get; init; }

    /// <summary>The chart's values; written into the synthesized JSON literally, so they hold names of Secrets and never their values.</summary>
    public required JsonObject Values { get; init; }

    /// <summary>Names of shared services that must be there first (their CRDs or webhooks are used).</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>How long Helm waits until everything is ready, in seconds.</summary>
    public int TimeoutSeconds { get; init; } = 600;
}
