using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// The state keys that the caller's environment holds: <c>STATE_KEY_{STACK}</c>, one for each stack, so that who applies one stack cannot read
/// another's state. <c>STATE_KEY_{STACK}_PREVIOUS</c> is accepted for reading while a rekey is on its way. A job that works on one stack alone may
/// give <c>AWS_SSE_CUSTOMER_KEY</c> instead, which is what Terraform itself reads.
/// </summary>
/// <param name="environment">The caller's environment.</param>
public sealed class StateKeys(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>What Terraform's S3 backend reads.</summary>
    public const string TerraformVariable = "AWS_SSE_CUSTOMER_KEY";

    /// <summary>The variable of a stack's key.</summary>
    public static string VariableOf(string stack) => $"STATE_KEY_{stack.ToUpperInvariant().Replace('-', '_')}";

    /// <summary>The variable of the key that a stack had before.</summary>
    public static string PreviousVariableOf(string stack) => $"{VariableOf(stack)}_PREVIOUS";

    /// <summary>The key that a stack's state is written with.</summary>
    /// <exception cref="PipelineException">There is none, or it is no key; the message says which variables hold it.</exception>
    public StateKey Of(string stack) =>
        Find(stack)
        ?? throw new PipelineException(
            $"stack {stack}: no state key. Set {VariableOf(stack)} to the key of this stack's state: 32 bytes in base64 "
                + $"(a new one: openssl rand -base64 32). It is the only way to read the state: take it from where your platform keeps its secrets."
        );

    /// <summary>The key that a stack's state is written with; null when the environment has none.</summary>
    /// <exception cref="PipelineException">What stands there is no key.</exception>
    public StateKey? Find(string stack) => Read(VariableOf(stack)) ?? Read(TerraformVariable);

    /// <summary>The keys that what lies there may have been written with: today's, then the one before.</summary>
    public IReadOnlyList<StateKey> AllOf(string stack) =>
        Read(PreviousVariableOf(stack)) is { } previous ? [Of(stack), previous] : [Of(stack)];

    private StateKey? Read(string variable) =>
        environment.GetValueOrDefault(variable) is not { Length: > 0 } text
            ? null
            : StateKey.TryParse(text)
                ?? throw new PipelineException(
                    $"{variable}: not a state key ({text.Length} characters given; the value is not shown). Allowed: 32 bytes in base64, 44 characters. See that the value was not cut or quoted."
                );
}
