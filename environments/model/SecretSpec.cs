namespace InfraCdktf.Environments.Model;

/// <summary>A Secret that a shared service needs at its start: its name and keys, never its values.</summary>
/// <param name="Name">The Kubernetes Secret's name.</param>
/// <param name="Keys">The keys it must have.</param>
public sealed record SecretSpec(string Name, IReadOnlyList<string> Keys)
{
    /// <summary>The Terraform variable with the value of a key: <c>grafana_admin_admin_user</c>.</summary>
    public string VariableOf(string key) => $"{Name}-{key}".Replace('-', '_');

    /// <summary>The environment variable that sets it.</summary>
    public string EnvironmentOf(string key) => $"TF_VAR_{VariableOf(key)}";
}
