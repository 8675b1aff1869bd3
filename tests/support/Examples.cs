using FsCheck;
using FsCheck.Fluent;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Property tests with FsCheck. A failure prints the example and the seed. The environment variable
/// <c>PROPERTY_SEED="seed,gamma"</c> repeats the same examples.
/// </summary>
public static class Examples
{
    private const string SeedVariable = "PROPERTY_SEED";

    /// <summary>Fails unless the property holds for every generated value.</summary>
    public static void Satisfy<T>(Gen<T> values, Func<T, bool> property, int tests = 300)
    {
        var (seed, gamma) = Seed();
        var config = Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(seed, gamma);
        try
        {
            Prop.ForAll(values.ToArbitrary(), property).Check(config);
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException(
                $"{failure.Message}\nTo repeat these examples: {SeedVariable}=\"{seed},{gamma}\"."
            );
        }
    }

    private static (ulong Seed, ulong Gamma) Seed()
    {
        if (System.Environment.GetEnvironmentVariable(SeedVariable) is not { Length: > 0 } given)
            // SplitMix requires an odd gamma.
            return ((ulong)System.Random.Shared.NextInt64(), ((ulong)System.Random.Shared.NextInt64() << 1) | 1);
        var parts = given.Split(',');
        return (ulong.Parse(parts[0]), ulong.Parse(parts[1]));
    }
}
