namespace InfraCdktf.Pipeline.Terraform;

/// <summary>A Terraform command failed; the message has Terraform's error text.</summary>
public sealed class TerraformException : Exception
{
    /// <summary>Creates the exception from Terraform's error text.</summary>
    /// <param name="stack">The stack it ran for.</param>
    /// <param name="command">The command ("apply").</param>
    /// <param name="error">Terraform's error text, verbatim.</param>
    /// <param name="explanation">Facts that Terraform does not know, and what to do.</param>
    public TerraformException(string stack, string command, string error, string? explanation = null)
        : base($"stack {stack}: terraform {command} failed:\n{error}{(explanation is null ? "" : $"\n\n{explanation}")}") =>
        (Stack, Command, Error) = (stack, command, error);

    /// <summary>The stack it ran for.</summary>
    public string Stack { get; }

    /// <summary>The command ("apply", "state pull").</summary>
    public string Command { get; }

    /// <summary>Terraform's error text, verbatim.</summary>
    public string Error { get; }
}
