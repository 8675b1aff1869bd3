using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.SecretV1;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Secrets;

/// <summary>Input of <see cref="BootstrapSecret"/>.</summary>
public sealed record BootstrapSecretProps
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Name and keys.</summary>
    public required SecretSpec Spec { get; init; }
}

/// <summary>
/// A Secret that the shared services need at their start. Each key is an <b>ephemeral</b> variable (a sensitive one is stored in
/// the saved plan: measured) used in a write-only argument: no plan and no state contains the value. A higher value of the
/// variable <c>{secret}_revision</c> writes the Secret again.
/// </summary>
public sealed class BootstrapSecret : Construct
{
    /// <summary>Creates the variables and the Secret.</summary>
    public BootstrapSecret(Construct scope, string id, BootstrapSecretProps props)
        : base(scope, id)
    {
        var spec = props.Spec;
        // Variables belong to the stack: people set them by name.
        var stack = TerraformStack.Of(this);
        var values = spec.Keys.ToDictionary(
            key => key,
            key => Ephemeral(stack, spec.VariableOf(key), $"Key \"{key}\" of the Secret {spec.Name}.")
        );
        var revision = new TerraformVariable(
            stack,
            spec.VariableOf("revision"),
            new TerraformVariableConfig
            {
                Type = "number",
                // At 0 or without one, provider 2.38 would store the live Secret in state (measured).
                Default = 1,
                Description = $"Raise it to write the Secret {spec.Name} again.",
                Nullable = false,
            }
        );
        Secret = new SecretV1(
            this,
            "secret",
            new SecretV1Config
            {
                Metadata = new SecretV1Metadata
                {
                    Name = spec.Name,
                    Namespace = props.Namespace,
                    Labels = props.Labels.ToDictionary(),
                },
                Type = "Opaque",
                DataWo = values.ToDictionary(entry => entry.Key, entry => entry.Value.StringValue),
                DataWoRevision = revision.NumberValue,
            }
        );
    }

    /// <summary>The Secret, for the <c>depends_on</c> of the workload that mounts it.</summary>
    public ITerraformDependable Secret { get; }

    private static TerraformVariable Ephemeral(TerraformStack stack, string name, string description)
    {
        var variable = new TerraformVariable(
            stack,
            name,
            new TerraformVariableConfig
            {
                Type = "string",
                Description = description,
                Nullable = false,
            }
        );
        // Not in CDKTF 0.21's typed variable.
        variable.AddOverride("ephemeral", true);
        return variable;
    }
}
