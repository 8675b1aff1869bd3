namespace InfraCdktf.Environments.Model;

/// <summary>How urgent an alert is.</summary>
public enum Severity
{
    /// <summary>The on-call engineer is paged at any time.</summary>
    Critical,

    /// <summary>The owner reads it on the next working day.</summary>
    Warning,
}
