using FsCheck;
using FsCheck.Fluent;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Property tests with FsCheck. A failure prints the example and the seed (<see cref="TestRandom"/>), which repeats the same
/// examples.
/// </summary>
public static class Examples
{
    // The increment of SplitMix64's authors; it must be odd.
    private const ulong Gamma = 0x9e3779b97f4a7c15;

    /// <summary>Fails unless the property holds for every generated value.</summary>
    public static void Satisfy<T>(Gen<T> values, Func<T, bool> property, int tests = 300)
    {
        var seed = TestRandom.Seed();
        var config = Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay((ulong)seed, Gamma);
        try
        {
            Prop.ForAll(values.ToArbitrary(), property).Check(config);
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException($"{failure.Message}\nTo repeat these examples: {TestRandom.Repeat(seed)}.");
        }
    }
}
