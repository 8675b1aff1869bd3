namespace InfraCdktf.Environments.Model;

/// <summary>What a broken rule leads to where it does not refuse.</summary>
public enum EnforcementMode
{
    /// <summary>The object is accepted; who sent it is warned, and the audit log notes it.</summary>
    Warn,

    /// <summary>The rule is not asked.</summary>
    Off,
}
