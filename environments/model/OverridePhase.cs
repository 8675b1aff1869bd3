namespace InfraCdktf.Environments.Model;

/// <summary>Where an override stands in its life.</summary>
public enum OverridePhase
{
    /// <summary>Its first day is still to come.</summary>
    Proposed,

    /// <summary>It is open.</summary>
    InForce,

    /// <summary>It is open, and will not be for long.</summary>
    Ending,

    /// <summary>Its last day is past.</summary>
    Expired,
}
