using System.Runtime.CompilerServices;

namespace InfraCdktf.Synthesis;

/// <summary>Suppresses jsii's eleven-line banner about Node.js versions; docs and CI name the version to use.</summary>
internal static class NodeWarnings
{
    // jsii's check-node reads a list of major versions from the first variable; in the others, any value works.
    private static readonly (string Variable, string Value)[] s_silenced =
    [
        ("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,22,24"),
        ("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1"),
        ("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1"),
    ];

    /// <summary>
    /// Runs once when this assembly is loaded: before the first construct starts jsii's Node.js process, in tests too.
    /// </summary>
    [ModuleInitializer]
    internal static void Silence()
    {
        foreach (var (variable, value) in s_silenced)
            if (System.Environment.GetEnvironmentVariable(variable) is null)
                System.Environment.SetEnvironmentVariable(variable, value);
    }
}
