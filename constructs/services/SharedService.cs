using System.Text.Json.Nodes;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Constructs.Observability;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// Everything about one service that all environments share. Each service has one file in this folder and one line in
/// <see cref="SharedServices"/>; the system stack, network policies, capacity check, alerts and documents are made from this
/// record. A service without its traffic or its workloads does not compile.
/// </summary>
public sealed record SharedService
{
    /// <summary>The release's name.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>The chart and its version.</summary>
    public required ChartPin Chart { get; init; }

    /// <summary>The namespace of the release. It exists already.</summary>
    public required string Namespace { get; init; }

    /// <summary>The chart's values, written literally into the synthesized JSON: names of Secrets, never their values.</summary>
    public required JsonObject Values { get; init; }

    /// <summary>
    /// The traffic of its pods with peers other than the shared services, in both directions; empty if there is none. It
    /// becomes the allow rules at both ends.
    /// </summary>
    public required IReadOnlyList<Traffic> Traffic { get; init; }

    /// <summary>The workloads: replicas, requests, limits, placement.</summary>
    public required IReadOnlyList<ServiceWorkload> Workloads { get; init; }

    /// <summary>The services that must be installed before, because their CRDs or webhooks are used.</summary>
    public IReadOnlyList<ServiceName> DependsOn { get; init; } = [];

    /// <summary>The Secrets and keys that it needs at its start.</summary>
    public IReadOnlyList<SecretSpec> Secrets { get; init; } = [];

    /// <summary>Objects without a typed resource, in addition to the chart.</summary>
    public IReadOnlyList<ServiceObjects> Objects { get; init; } = [];

    /// <summary>
    /// Targets that Prometheus scrapes, in addition to the monitors of the chart: ServiceMonitors and PodMonitors.
    /// </summary>
    public IReadOnlyList<JsonObject> ScrapeTargets { get; init; } = [];

    /// <summary>Its alerts. Each has a section in its runbook and a firing test.</summary>
    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    /// <summary>Its dashboards.</summary>
    public IReadOnlyList<Dashboard> Dashboards { get; init; } = [];

    /// <summary>How long Helm waits until everything is ready, in seconds.</summary>
    public int TimeoutSeconds { get; init; } = 600;
}
