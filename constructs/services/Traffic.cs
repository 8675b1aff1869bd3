using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Services;

/// <summary>
/// One kind of traffic of a shared service with a peer other than the shared services, which all call each other. Each kind
/// becomes the allow rules at both ends: <see cref="SystemAllowRules"/> makes those of the system namespace, and those of the
/// application environments.
/// </summary>
/// <param name="Pods">The service's pods, with their ports where they receive.</param>
/// <param name="Reason">Why; an annotation of the policy in the system namespace.</param>
public abstract record Traffic(PodGroup Pods, string Reason)
{
    /// <summary>Requests from the Internet arrive through a NodeBalancer.</summary>
    public sealed record FromInternet(PodGroup Pods, string Reason) : Traffic(Pods, Reason);

    /// <summary>
    /// The API server calls the pods: webhooks, aggregated APIs. Services may share one group name; their labels are then
    /// combined.
    /// </summary>
    public sealed record FromApiServer(PodGroup Pods, string Reason) : Traffic(Pods, Reason);

    /// <summary>
    /// The pods forward requests to pods of application environments with the label <see cref="SegmentLabels.FromGateway"/>.
    /// </summary>
    /// <param name="Pods">The pods.</param>
    /// <param name="Reason">The reason, with {0} for the environment.</param>
    /// <param name="ReasonInEnvironment">The reason of the rule in the environment.</param>
    public sealed record ForwardsRequests(PodGroup Pods, string Reason, string ReasonInEnvironment) : Traffic(Pods, Reason);

    /// <summary>
    /// The pods scrape the port named <see cref="SegmentLabels.MetricsPort"/> of every pod of the application environments.
    /// </summary>
    /// <param name="Pods">The pods.</param>
    /// <param name="Reason">The reason, with {0} for the environment.</param>
    /// <param name="ReasonInEnvironment">The reason of the rule in the environment.</param>
    public sealed record ScrapesMetrics(PodGroup Pods, string Reason, string ReasonInEnvironment) : Traffic(Pods, Reason);

    /// <summary>The pods reach pods of a namespace that is not an environment's.</summary>
    /// <param name="Pods">The pods.</param>
    /// <param name="To">The other end.</param>
    /// <param name="Reason">Why.</param>
    public sealed record ToPeer(PodGroup Pods, Peer To, string Reason) : Traffic(Pods, Reason);

    /// <summary>The pods reach ports of every node. Services share one policy; labels and ports are combined.</summary>
    /// <param name="Pods">The pods.</param>
    /// <param name="Ports">The ports of the nodes.</param>
    /// <param name="Reason">Why.</param>
    public sealed record ToNodes(PodGroup Pods, IReadOnlyList<Port> Ports, string Reason) : Traffic(Pods, Reason);

    /// <summary>
    /// The pods never call the API server. All other pods of the system namespace may: the Jobs that charts run at an upgrade
    /// have no label in common, so a list of the pods that may would stop an upgrade if one were missing.
    /// </summary>
    public sealed record NeverToApiServer(PodGroup Pods) : Traffic(Pods, "");
}
