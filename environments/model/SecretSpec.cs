namespace InfraCdktf.Environments.Model;

/// <summary>A secret that services of the environment rely on.</summary>
/// <param name="Name">The Kubernetes Secret's name.</param>
/// <param name="Keys">The keys it must have.</param>
/// <param name="RotateAfterDays">Days after which it is due for rotation.</param>
public sealed record SecretSpec(string Name, IReadOnlyList<string> Keys, int RotateAfterDays);
