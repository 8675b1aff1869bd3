using InfraCdktf.Tests.Constructs.Admission;
using InfraCdktf.Tests.Docs;
using InfraCdktf.Tests.Pipeline.Archive;
using InfraCdktf.Tests.Pipeline.Cdktf;
using InfraCdktf.Tests.Pipeline.Cli;
using InfraCdktf.Tests.Pipeline.Rehearsal;
using InfraCdktf.Tests.Pipeline.Sandbox;
using InfraCdktf.Tests.Pipeline.State;
using InfraCdktf.Tests.Pipeline.Storage;
using InfraCdktf.Tests.Structure;
using InfraCdktf.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SlowestFirst))]

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Starts the classes that take longest first, then the other ones that run real programs, so that the machine is busy until the
/// end: a long class that starts last would run alone.
/// </summary>
public sealed class SlowestFirst : ITestCollectionOrderer
{
    // Each takes more than 20 seconds.
    private static readonly Type[] s_slowest =
    [
        typeof(QuickStartTests),
        typeof(KillTests),
        typeof(StateRunbookTests),
        typeof(WholePlatformTests),
        typeof(SandboxLifeTests),
        typeof(SecrecyTests),
        typeof(StopPhasesTests),
        typeof(RunLiveTests),
        typeof(RehearsalTests),
        typeof(CdktfCommandTests),
        typeof(CrashTests),
        typeof(PagesTests),
        typeof(RecipeTests),
        typeof(RgwStoreTests),
        typeof(SandboxStoreTests),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Rank)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        // A class without a collection has one of its own, with the name of the class in its name.
        var slowest = Array.FindIndex(
            s_slowest,
            type => collection.TestCollectionDisplayName.Contains($"{type.FullName}", StringComparison.Ordinal)
        );
        return slowest >= 0 ? slowest : s_slowest.Length;
    }
}
