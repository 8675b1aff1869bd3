using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>Behaviour when a value is missing.</summary>
public enum Placeholders
{
    /// <summary>
    /// A placeholder for every missing value: a plan works on a clean checkout and in a job without secrets, and a destroy needs
    /// no value.
    /// </summary>
    Allowed,

    /// <summary>
    /// Placeholders only for secrets. No plan contains a secret, but a placeholder for an output of core would show a false
    /// difference.
    /// </summary>
    ForSecrets,

    /// <summary>No placeholders: an apply needs the real values.</summary>
    Refused,
}

/// <summary>Selects the values for a stack: only the variables that it declares.</summary>
public static class StackVariables
{
    private const string Prefix = "TF_VAR_";

    // Ephemeral variables go into write-only arguments. No plan contains their values, so any text gives the same plan.
    private const string SecretPlaceholder = "only-needed-to-apply";

    /// <summary>
    /// The environment of a stack's Terraform: what the rules allow (<see cref="CallerVariables"/>), and of all <c>TF_VAR_*</c>
    /// only the variables that the stack declares, so a stack does not get the secrets of another stack. Declared variables that
    /// the caller did not set get the outputs of core.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="coreDeclares">Names of the outputs that the core stack declares. The default of a variable with such a name
    /// is a placeholder.</param>
    /// <param name="coreOutputs">The outputs of core after its last apply.</param>
    /// <param name="caller">The caller's environment.</param>
    /// <param name="placeholders">Which values may be missing.</param>
    /// <exception cref="PipelineException">A required value is missing; the message shows where each value comes
    /// from.</exception>
    public static IReadOnlyDictionary<string, string> Environment(
        StackDirectory stack,
        IReadOnlySet<string> coreDeclares,
        IReadOnlyDictionary<string, JsonNode?> coreOutputs,
        IReadOnlyDictionary<string, string> caller,
        Placeholders placeholders
    )
    {
        var (environment, missing) = Resolve(stack, coreDeclares, coreOutputs, caller, placeholders);
        return missing.Count == 0
            ? environment
            : throw new PipelineException(
                $"stack {stack.Name}: {missing.Count} variable(s) have no value but a placeholder:\n{string.Join('\n', missing)}"
            );
    }

    /// <summary>The secrets that an apply of the stack needs and the caller's environment does not have.</summary>
    public static IEnumerable<string> MissingSecrets(StackDirectory stack, IReadOnlyDictionary<string, string> caller) =>
        stack.Variables.Where(one => one.Ephemeral && !caller.ContainsKey(Prefix + one.Name)).Select(one => Prefix + one.Name);

    /// <summary>The values that an apply of the stack needs and that are nowhere, a line for each.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="coreDeclares">Names of the outputs that the core stack declares.</param>
    /// <param name="coreOutputs">The outputs of core after its last apply.</param>
    /// <param name="caller">The caller's environment.</param>
    /// <param name="onlySecrets">True if core is applied first, so that its outputs need not exist yet.</param>
    public static IReadOnlyList<string> Missing(
        StackDirectory stack,
        IReadOnlySet<string> coreDeclares,
        IReadOnlyDictionary<string, JsonNode?> coreOutputs,
        IReadOnlyDictionary<string, string> caller,
        bool onlySecrets
    ) =>
        [
            .. Resolve(stack, coreDeclares, coreOutputs, caller, Placeholders.Refused)
                .Missing.Where(line => !onlySecrets || line.Contains(": a secret;", StringComparison.Ordinal))
                .Select(line => $"stack {stack.Name}: {line.Trim()}."),
        ];

    private static (Dictionary<string, string> Environment, List<string> Missing) Resolve(
        StackDirectory stack,
        IReadOnlySet<string> coreDeclares,
        IReadOnlyDictionary<string, JsonNode?> coreOutputs,
        IReadOnlyDictionary<string, string> caller,
        Placeholders placeholders
    )
    {
        var environment = CallerVariables
            .ForTerraform(caller)
            .Where(variable => !variable.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var variable in stack.Variables)
        {
            var name = Prefix + variable.Name;
            if (caller.TryGetValue(name, out var given))
                environment[name] = given;
            else if (variable.Ephemeral && placeholders != Placeholders.Refused)
                environment[name] = SecretPlaceholder;
            else if (variable.Ephemeral)
                missing.Add($"  {variable.Name}: a secret; set {name} in the environment");
            else if (coreOutputs.TryGetValue(variable.Name, out var output) && output is not null)
                environment[name] = Text(output);
            else if ((variable.OfCore || coreDeclares.Contains(variable.Name)) && placeholders != Placeholders.Allowed)
                missing.Add($"  {variable.Name}: an output of core; run \"deploy core\" here first, or set {name}");
        }
        return (environment, missing);
    }

    // Terraform takes the value of a string variable unchanged, and parses every other value as an expression; JSON is a valid
    // expression.
    private static string Text(JsonNode value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString();
}
