namespace InfraCdktf.Environments.Model;

/// <summary>A Secret that a shared service needs at its start: its name and keys, never its values.</summary>
/// <param name="Name">The Kubernetes Secret's name.</param>
/// <param name="Keys">The keys it must have.</param>
public sealed record SecretSpec(string Name, IReadOnlyList<string> Keys);
