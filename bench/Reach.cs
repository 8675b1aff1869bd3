using System.Diagnostics;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Bench;

/// <summary>
/// Measures the matrix of allowed connections of the whole platform, as <c>validate</c> prints it: once, in a cold process.
/// </summary>
internal static class Reach
{
    /// <summary>Reads the synthesis, evaluates every pair of endpoints, and creates the text.</summary>
    public static Phases Of(string folder)
    {
        var clock = Stopwatch.StartNew();
        var cluster = SynthesizedCluster.Read(folder);
        var read = clock.Elapsed;
        var matrix = Matrix.Of(cluster);
        var evaluated = clock.Elapsed;
        _ = MatrixSummary.Text(matrix);
        return Synthesis.Measured(read, evaluated, clock.Elapsed);
    }
}
