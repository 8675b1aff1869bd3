using System.Runtime;

namespace InfraCdktf.Synthesis;

/// <summary>
/// A list of the methods that a verb used, in a file beside the program. At the next run .NET compiles them in the background,
/// in this order: a synthesis waits half of its time for Node.js on the other core. The file is only a hint, and .NET checks it:
/// without it, or with a damaged one, a run takes 0.2 s longer.
/// </summary>
internal static class StartupProfile
{
    /// <summary>Uses the list of the last run of a verb and writes a new one when the program ends.</summary>
    /// <param name="verb">The first argument; a text that cannot be a verb has no list.</param>
    public static void Use(string verb)
    {
        if (verb.Length is 0 or > 20 || !verb.All(char.IsAsciiLetterLower))
            return;
        ProfileOptimization.SetProfileRoot(AppContext.BaseDirectory);
        ProfileOptimization.StartProfile($"{verb}.startup");
    }
}
