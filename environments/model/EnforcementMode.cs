namespace InfraCdktf.Environments.Model;

/// <summary>The effect of a violation of an admission rule that does not refuse.</summary>
public enum EnforcementMode
{
    /// <summary>The object is accepted; the caller gets a warning, and the audit log has a record.</summary>
    Warn,

    /// <summary>The rule is not evaluated.</summary>
    Off,
}
