using FsCheck;
using FsCheck.Fluent;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Generators of texts for property tests.</summary>
internal static class Texts
{
    /// <summary>Any text, or a text of the given characters, which is more likely to be valid.</summary>
    public static Gen<string> Near(string characters) =>
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements(characters.ToCharArray()).ListOf().Select(list => string.Concat(list))
        );
}
