namespace InfraCdktf.Environments.Model;

/// <summary>Limits of tokens, enforced by an admission policy.</summary>
public static class TokenLimits
{
    /// <summary>The longest validity of a token of a person or a workflow, in hours: one working day.</summary>
    public const int LongestHours = 12;
}
