namespace InfraCdktf.Environments.Model;

/// <summary>The phase of an override on a day.</summary>
public enum OverridePhase
{
    /// <summary>Before its first day.</summary>
    Proposed,

    /// <summary>It is in force.</summary>
    InForce,

    /// <summary>It is in force and ends soon (<see cref="NetworkOverride.AnnouncedDays"/>).</summary>
    Ending,

    /// <summary>After its last day.</summary>
    Expired,
}
