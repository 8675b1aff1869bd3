using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Docs;

/// <summary>Tests that every link of a page leads to an existing file, folder or heading.</summary>
[Trait("Level", "pure")]
public sealed class LinkTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_links_lead_to_existing_files_and_headings(string page) => Assert.Empty(Broken(Page.Read(page)));

    [Theory]
    [InlineData("[there](docs/adr/README.md)", true)]
    [InlineData("[a folder](docs/adr)", true)]
    [InlineData("[out](https://example.com/nowhere)", true)]
    [InlineData("# One two, three!\n[in](#one-two-three)", true)]
    [InlineData("# Twice\n# Twice\n[second](#twice-1)", true)]
    [InlineData("`[code](nowhere.md)`", true)]
    [InlineData("```\n[code](nowhere.md)\n```", true)]
    [InlineData("[gone](docs/gone.md)", false)]
    [InlineData("[`gone`](docs/gone.md)", false)]
    [InlineData("[gone](docs/adr/README.md#no-such-heading)", false)]
    [InlineData("# Once\n[second](#once-1)", false)]
    public void LinkCheck_reports_a_broken_link(string text, bool whole) => Assert.Equal(whole, !Broken(Page.Of(text)).Any());

    private static IEnumerable<string> Broken(Page page)
    {
        foreach (
            var link in page.Links.Where(link =>
                !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)
            )
        )
        {
            var (path, anchor) = link.IndexOf('#') is var hash and >= 0 ? (link[..hash], link[(hash + 1)..]) : (link, "");
            var target = path.Length == 0 ? page.Path : Path.Combine(Path.GetDirectoryName(page.Path)!, path);
            var full = Path.GetFullPath(Repository.PathOf(target));
            if (!File.Exists(full) && !Directory.Exists(full) && path.Length > 0)
                yield return $"{page.Path}: {link} does not exist";
            else if (
                anchor.Length > 0
                && !(path.Length == 0 ? page : Page.Read(RepositoryFiles.Relative(full))).Anchors.Contains(anchor)
            )
                yield return $"{page.Path}: {link} has no such heading";
        }
    }
}
