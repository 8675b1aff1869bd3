using Amazon.JSII.Runtime.Deputy;

namespace InfraCdktf.Synthesis;

/// <summary>
/// Runs jsii's Node.js program without its launcher, a second Node.js process that starts the program and copies every message
/// (<c>direct.cjs</c>). If the variable JSII_RUNTIME is set, or this version of jsii has another layout, jsii's own way is kept.
/// </summary>
internal static class DirectProgram
{
    /// <summary>The variable that names the program; jsii reads it when it starts Node.js, once in a process.</summary>
    public const string Variable = "JSII_RUNTIME";

    private const string Resources = "Amazon.JSII.Runtime.jsii_runtime.lib.";

    /// <summary>Extracts the program and sets the variable.</summary>
    /// <param name="files">An empty or earlier directory for the program.</param>
    public static void Use(DirectoryInfo files)
    {
        var runtime = typeof(DeputyBase).Assembly;
        if (System.Environment.GetEnvironmentVariable(Variable) is not null)
            return;
        if (runtime.GetManifestResourceInfo(Resources + "program.js") is null)
            return;
        foreach (var name in runtime.GetManifestResourceNames())
            if (name.StartsWith(Resources, StringComparison.Ordinal) && name.EndsWith(".js", StringComparison.Ordinal))
                Copy(name[Resources.Length..], runtime.GetManifestResourceStream(name)!);
        Copy("direct.cjs", typeof(DirectProgram).Assembly.GetManifestResourceStream("synthesis/direct.cjs")!);
        // jsii writes this text into a command line: as for jsii's own program, the path must not contain a space.
        System.Environment.SetEnvironmentVariable(Variable, $"--preserve-symlinks {Path.Combine(files.FullName, "direct.cjs")}");

        void Copy(string name, Stream content)
        {
            using (content)
            using (var file = File.Create(Path.Combine(files.FullName, name)))
                content.CopyTo(file);
        }
    }
}
