namespace InfraCdktf.Environments.Model;

/// <summary>Limits that admission puts on tokens.</summary>
public static class TokenLimits
{
    /// <summary>The longest that a token of a person or a workflow may live: one working day.</summary>
    public const int LongestHours = 12;
}
