namespace InfraCdktf.Pipeline.Access;

/// <summary>
/// The owners of paths in GitHub's CODEOWNERS file. It names persons (<c>@login</c>) and teams (<c>@organization/team</c>); the
/// members of a team are at GitHub only.
/// </summary>
/// <param name="Path">The pattern of the paths.</param>
/// <param name="Owners">The owners, each with its leading '@', or e-mail addresses.</param>
public sealed record CodeOwners(string Path, IReadOnlyList<string> Owners)
{
    // GitHub takes the first one that exists (docs.github.com, "About code owners").
    private static readonly string[] _files = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

    /// <summary>The entries of the file in a checkout; empty if it has none.</summary>
    public static IReadOnlyList<CodeOwners> Read(string directory) =>
        _files.Select(file => System.IO.Path.Combine(directory, file)).FirstOrDefault(File.Exists) is { } found
            ?
            [
                .. File.ReadLines(found)
                    .Select(line => line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                    .Where(words => words.Length > 1)
                    .Select(words => new CodeOwners(words[0], words[1..])),
            ]
            : [];

    /// <summary>Whether an owner is a team.</summary>
    public static bool IsTeam(string owner) => owner.StartsWith('@') && owner.Contains('/', StringComparison.Ordinal);
}
