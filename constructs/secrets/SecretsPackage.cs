using Constructs;
using HashiCorp.Cdktf;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Secrets;

/// <summary>Input of <see cref="SecretsPackage"/>.</summary>
public sealed record SecretsPackageProps
{
    /// <summary>The namespace of the Secrets.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels of the Secrets.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The names and keys of the Secrets.</summary>
    public required IReadOnlyList<SecretSpec> Secrets { get; init; }
}

/// <summary>
/// The Secrets that the system environment needs at its start. The Secrets of application environments are not created by
/// Terraform yet: planned, not implemented.
/// </summary>
public sealed class SecretsPackage : Construct
{
    /// <summary>Creates the Secrets. The package has its own scope: names of Secrets could collide with construct ids.</summary>
    public SecretsPackage(Construct scope, string id, SecretsPackageProps props)
        : base(scope, id) =>
        Secrets = [
            .. props.Secrets.Select(secret =>
                new BootstrapSecret(
                    this,
                    secret.Name,
                    new()
                    {
                        Namespace = props.Namespace,
                        Labels = props.Labels,
                        Spec = secret,
                    }
                ).Secret
            ),
        ];

    /// <summary>The Secrets, for the <c>depends_on</c> of the workloads that mount them.</summary>
    public IReadOnlyList<ITerraformDependable> Secrets { get; }
}
