using FsCheck;
using FsCheck.Fluent;

namespace InfraCdktf.Tests.Environments.Values;

/// <summary>Generators of texts.</summary>
internal static class Texts
{
    /// <summary>Any text, or one made of the given characters, which comes closer to being accepted.</summary>
    public static Gen<string> Near(string characters) =>
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
            Gen.Elements(characters.ToCharArray()).ListOf().Select(list => string.Concat(list))
        );
}
