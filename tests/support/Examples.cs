using FsCheck;
using FsCheck.Fluent;

namespace InfraCdktf.Tests.Support;

/// <summary>
/// Properties with FsCheck: a failure prints the example and the seed; <c>PROPERTY_SEED="seed,gamma"</c> in the process's environment
/// runs the same examples again.
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
                $"{failure.Message}\nRun these examples again with {SeedVariable}=\"{seed},{gamma}\"."
            );
        }
    }

    private static (ulong Seed, ulong Gamma) Seed()
    {
        if (System.Environment.GetEnvironmentVariable(SeedVariable) is not { Length: > 0 } given)
            return ((ulong)System.Random.Shared.NextInt64(), ((ulong)System.Random.Shared.NextInt64() << 1) | 1); // SplitMix wants an odd gamma
        var parts = given.Split(',');
        return (ulong.Parse(parts[0]), ulong.Parse(parts[1]));
    }
}
