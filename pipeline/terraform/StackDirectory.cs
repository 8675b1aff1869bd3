using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>
/// One synthesized stack on disk: <c>cdktf.out/stacks/{name}</c>, as <c>cdktf synth</c> and <c>synth</c> write it.
/// </summary>
/// <param name="Name">The stack's name.</param>
/// <param name="Path">The directory that holds its <c>cdk.tf.json</c>, assets and lock file.</param>
/// <param name="Configuration">The content of <c>cdk.tf.json</c>.</param>
public sealed record StackDirectory(string Name, string Path, JsonObject Configuration)
{
    /// <summary>The file name of a stack's configuration.</summary>
    public const string FileName = "cdk.tf.json";

    /// <summary>The directory that synthesis writes a stack to.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    public static string PathOf(string output, string name) => System.IO.Path.Combine(output, "stacks", name);

    /// <summary>True if the stack was synthesized.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    public static bool IsThere(string output, string name) => File.Exists(System.IO.Path.Combine(PathOf(output, name), FileName));

    /// <summary>The sentence for a stack that was not synthesized.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    public static string Missing(string output, string name) =>
        $"stack {name}: {System.IO.Path.Combine(PathOf(output, name), FileName)} does not exist. Run \"synth\" first, or omit "
        + "--skip-synth.";

    /// <summary>Reads a synthesized stack.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    /// <exception cref="PipelineException">The stack was not synthesized.</exception>
    public static StackDirectory Read(string output, string name)
    {
        var path = PathOf(output, name);
        var file = System.IO.Path.Combine(path, FileName);
        if (!File.Exists(file))
            throw new PipelineException(Missing(output, name));
        return new(name, path, JsonNode.Parse(File.ReadAllText(file))!.AsObject());
    }

    /// <summary>Copies the stack without Terraform's own data (<c>.terraform</c>); the copy needs its own init.</summary>
    /// <param name="directory">An existing directory.</param>
    public StackDirectory CopyTo(string directory)
    {
        CopyFiles(Path, directory);
        return new(Name, directory, Configuration.DeepClone().AsObject());
    }

    /// <summary>The Terraform variables that the stack declares.</summary>
    public IReadOnlyList<StackVariable> Variables =>
        [
            .. (Configuration["variable"]?.AsObject() ?? []).Select(variable => new StackVariable(
                variable.Key,
                variable.Value?["ephemeral"]?.GetValue<bool>() ?? false
            )
            {
                OfCore = variable.Value?["description"]?.GetValue<string>() == StackNames.CoreOutput,
            }),
        ];

    /// <summary>Names of the outputs that the stack declares.</summary>
    public IReadOnlySet<string> Outputs =>
        (Configuration["output"]?.AsObject() ?? []).Select(output => output.Key).ToHashSet(StringComparer.Ordinal);

    private static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        foreach (
            var directory in Directory
                .EnumerateDirectories(from)
                .Where(directory => System.IO.Path.GetFileName(directory) != ".terraform")
        )
            CopyFiles(
                directory,
                Directory.CreateDirectory(System.IO.Path.Combine(to, System.IO.Path.GetFileName(directory))).FullName
            );
    }
}

/// <summary>A variable of a stack.</summary>
/// <param name="Name">Its name; <c>TF_VAR_{Name}</c> sets its value.</param>
/// <param name="Ephemeral">True for a secret: no plan and no state contains it, and it comes only from the caller's
/// environment.</param>
public sealed record StackVariable(string Name, bool Ephemeral)
{
    /// <summary>True if its value is an output of core, and its default a placeholder (<see
    /// cref="StackNames.CoreOutput"/>).</summary>
    public bool OfCore { get; init; }
}
