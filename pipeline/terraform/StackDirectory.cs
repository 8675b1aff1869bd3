using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>One synthesized stack on disk: <c>cdktf.out/stacks/{name}</c>, as <c>cdktf synth</c> and our own synthesis write it.</summary>
/// <param name="Name">The stack's name.</param>
/// <param name="Path">The directory that holds its <c>cdk.tf.json</c>, assets and lock file.</param>
/// <param name="Configuration">What <c>cdk.tf.json</c> says.</param>
public sealed record StackDirectory(string Name, string Path, JsonObject Configuration)
{
    /// <summary>The file of a stack's configuration.</summary>
    public const string FileName = "cdk.tf.json";

    /// <summary>Where synthesis writes a stack, or has written it.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    public static string PathOf(string output, string name) => System.IO.Path.Combine(output, "stacks", name);

    /// <summary>True when synthesis wrote it.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    public static bool IsThere(string output, string name) => File.Exists(System.IO.Path.Combine(PathOf(output, name), FileName));

    /// <summary>Reads a stack from where synthesis wrote it.</summary>
    /// <param name="output">The directory of all stacks ("cdktf.out").</param>
    /// <param name="name">The stack.</param>
    /// <exception cref="PipelineException">It is not there.</exception>
    public static StackDirectory Read(string output, string name)
    {
        var path = PathOf(output, name);
        var file = System.IO.Path.Combine(path, FileName);
        if (!File.Exists(file))
            throw new PipelineException($"stack {name}: {file} is not there. Run \"synth\" first, or leave out --skip-synth.");
        return new(name, path, JsonNode.Parse(File.ReadAllText(file))!.AsObject());
    }

    /// <summary>Copies the stack, without Terraform's own data (<c>.terraform</c>): the copy wants an init of its own.</summary>
    /// <param name="directory">An existing directory.</param>
    public StackDirectory CopyTo(string directory)
    {
        CopyFiles(Path, directory);
        return new(Name, directory, Configuration.DeepClone().AsObject());
    }

    /// <summary>The variables that the stack declares.</summary>
    public IReadOnlyList<StackVariable> Variables =>
        [
            .. (Configuration["variable"]?.AsObject() ?? []).Select(variable => new StackVariable(
                variable.Key,
                variable.Value?["ephemeral"]?.GetValue<bool>() ?? false
            )),
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
/// <param name="Name">Its name: the value comes as <c>TF_VAR_{Name}</c>.</param>
/// <param name="Ephemeral">True for a secret: it is in no plan and no state, and comes from the caller's environment alone.</param>
public sealed record StackVariable(string Name, bool Ephemeral);
