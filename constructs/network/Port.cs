namespace InfraCdktf.Constructs.Network;

/// <summary>A port of the receiving pod.</summary>
/// <param name="Number">A number ("53"), or on ingress the port name in the pod ("metrics"). Never a name on egress: Cilium drops
/// the whole rule if two pods use the name for different numbers (cilium/cilium#30003).</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="End">The last port of a range that starts at <paramref name="Number"/>.</param>
public sealed record Port(string Number, string Protocol = "TCP", int? End = null);
