namespace InfraCdktf.Pipeline.Terraform;

/// <summary>A Terraform command failed; the message has Terraform's error text, or what replaces it.</summary>
public sealed class TerraformException : Exception
{
    /// <summary>Creates the exception from Terraform's error text.</summary>
    /// <param name="stack">The stack it ran for.</param>
    /// <param name="command">The command ("apply").</param>
    /// <param name="error">Terraform's error text, verbatim.</param>
    /// <param name="explanation">
    /// What to show instead of Terraform's text, with what to do; null shows Terraform's text.
    /// </param>
    public TerraformException(string stack, string command, string error, string? explanation = null)
        : base(
            explanation is null
                ? $"stack {stack}: terraform {command} failed:\n{error}"
                : $"stack {stack}: terraform {command} did not run. {explanation}"
        ) => (Stack, Command, Error) = (stack, command, error);

    /// <summary>The stack it ran for.</summary>
    public string Stack { get; }

    /// <summary>The command ("apply", "state pull").</summary>
    public string Command { get; }

    /// <summary>Terraform's error text, verbatim.</summary>
    public string Error { get; }

    /// <summary>Terraform's exit code; above 128 if a signal killed it. Null if it could not be started.</summary>
    public int? ExitCode { get; init; }
}
