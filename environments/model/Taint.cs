namespace InfraCdktf.Environments.Model;

/// <summary>A node taint.</summary>
/// <param name="Key">The key, such as "dedicated".</param>
/// <param name="Value">The value, such as "build".</param>
/// <param name="Effect">NoSchedule, PreferNoSchedule or NoExecute.</param>
public sealed record Taint(string Key, string Value, string Effect);
