using System.Diagnostics;
using InfraCdktf.Pipeline.Reachability;

namespace InfraCdktf.Bench;

/// <summary>Who reaches whom on the whole platform, as <c>validate</c> asks it: once, in a cold process.</summary>
internal static class Reach
{
    /// <summary>Reads what was synthesized, evaluates every pair of endpoints, and writes it for people.</summary>
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
