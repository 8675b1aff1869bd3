namespace InfraCdktf.Constructs.Network;

/// <summary>A port of the receiving pod.</summary>
/// <param name="Number">A number ("53"), or on ingress the name that the pod gives it ("metrics"); never a name on egress: Cilium drops
/// the whole rule once two pods give the name different numbers (cilium/cilium#30003).</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="End">The last port of a range that starts at <paramref name="Number"/>.</param>
public sealed record Port(string Number, string Protocol = "TCP", int? End = null);
