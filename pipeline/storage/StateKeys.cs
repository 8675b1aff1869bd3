using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>
/// The state keys in the caller's environment: <c>STATE_KEY_{STACK}</c>, one for each stack, so that a user who applies one stack
/// cannot read another stack's state. <c>STATE_KEY_{STACK}_PREVIOUS</c> is accepted for reads while a rekey is unfinished. A job
/// that works on only one stack may set <c>AWS_SSE_CUSTOMER_KEY</c> instead, the variable that Terraform reads.
/// </summary>
/// <param name="environment">The caller's environment.</param>
public sealed class StateKeys(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The variable that Terraform's S3 backend reads.</summary>
    public const string TerraformVariable = "AWS_SSE_CUSTOMER_KEY";

    /// <summary>The variable of a stack's key.</summary>
    public static string VariableOf(string stack) => $"STATE_KEY_{stack.ToUpperInvariant().Replace('-', '_')}";

    /// <summary>The variable of a stack's previous key.</summary>
    public static string PreviousVariableOf(string stack) => $"{VariableOf(stack)}_PREVIOUS";

    /// <summary>The key that encrypts a stack's state.</summary>
    /// <exception cref="PipelineException">
    /// The environment has no key, or the value is not a key. The message names the variable.
    /// </exception>
    public StateKey Of(string stack) =>
        Find(stack)
        ?? throw new PipelineException(
            $"stack {stack}: no state key. Set {VariableOf(stack)} to the key of this stack's state: 32 bytes in base64 "
                + "(a new one: openssl rand -base64 32). Without it the state cannot be read. Take it from where your "
                + "platform keeps its secrets."
        );

    /// <summary>
    /// The key in the stack's own variable; null if that is not set. For copies of keys: <see cref="TerraformVariable"/> is one
    /// key for any stack, so a copy of it may open nothing.
    /// </summary>
    /// <exception cref="PipelineException">The value is not a key.</exception>
    public StateKey? OwnOf(string stack) => Read(VariableOf(stack));

    /// <summary>The key that encrypts a stack's state; null if the environment has none.</summary>
    /// <exception cref="PipelineException">The value is not a key.</exception>
    public StateKey? Find(string stack) => Read(VariableOf(stack)) ?? Read(TerraformVariable);

    /// <summary>The keys that may have encrypted a stack's objects: the current key, then the previous one.</summary>
    public IReadOnlyList<StateKey> AllOf(string stack) =>
        Read(PreviousVariableOf(stack)) is { } previous ? [Of(stack), previous] : [Of(stack)];

    private StateKey? Read(string variable) =>
        environment.GetValueOrDefault(variable) is not { Length: > 0 } text
            ? null
            : StateKey.TryParse(text)
                ?? throw new PipelineException(
                    $"{variable}: not a state key ({text.Length} characters given; the value is not shown). Allowed: 32 bytes "
                        + "in base64, 44 characters. Check that the value was not cut or quoted."
                );
}
