namespace InfraCdktf.Environments.Model;

/// <summary>How urgent an alert is.</summary>
public enum Severity
{
    /// <summary>Somebody is woken.</summary>
    Critical,

    /// <summary>Somebody looks on the next working day.</summary>
    Warning,
}
