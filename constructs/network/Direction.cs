namespace InfraCdktf.Constructs.Network;

/// <summary>The direction of the traffic that a rule allows.</summary>
public enum Direction
{
    /// <summary>Connections to the pods.</summary>
    Ingress,

    /// <summary>Connections from the pods.</summary>
    Egress,
}
