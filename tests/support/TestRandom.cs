namespace InfraCdktf.Tests.Support;

/// <summary>
/// The random choices of tests. Each test prints its seed; the environment variable <c>TEST_SEED</c> repeats the choices.
/// </summary>
public static class TestRandom
{
    /// <summary>The environment variable with a seed: a whole number from 0 to 2147483647.</summary>
    public const string Variable = "TEST_SEED";

    /// <summary>Random numbers for the running test.</summary>
    public static Random Create() => Of(Seed());

    /// <summary>The numbers of a seed that was chosen before.</summary>
    public static Random Of(int seed) => new(seed);

    /// <summary>Chooses the seed of the running test, or takes the given one, and prints it.</summary>
    /// <param name="usual">The seed if none is given; null for another one in each run.</param>
    public static int Seed(int? usual = null)
    {
        var seed = System.Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? int.Parse(given, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture)
            : usual ?? Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Repeat(seed)} repeats the random choices of this test.");
        return seed;
    }

    /// <summary>The assignment that repeats the choices of a seed.</summary>
    public static string Repeat(int seed) => $"{Variable}={seed}";
}
