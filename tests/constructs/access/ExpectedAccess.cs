using InfraCdktf.Pipeline.Access;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Access;

/// <summary>One line of expected-access.txt.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsClusterWide">Whether the resource has no namespace.</param>
/// <param name="Allowed">Whether the request is allowed, for each profile and pipeline account.</param>
public sealed record ExpectedAccess(AccessRequest Request, bool IsClusterWide, IReadOnlyDictionary<string, bool> Allowed)
{
    /// <summary>Resources without a namespace (kubectl api-resources --namespaced=false).</summary>
    private static readonly string[] s_clusterWide =
    [
        "certificatesigningrequests",
        "clusterrolebindings",
        "clusterroles",
        "customresourcedefinitions",
        "groups",
        "namespaces",
        "nodes",
        "persistentvolumes",
        "storageclasses",
        "tokenreviews",
        "users",
        "validatingadmissionpolicies",
        "validatingwebhookconfigurations",
    ];

    /// <summary>The lines of the table.</summary>
    public static IReadOnlyList<ExpectedAccess> Table { get; } = Read();

    /// <inheritdoc/>
    public override string ToString() => Request.ToString();

    private static List<ExpectedAccess> Read()
    {
        var lines = File.ReadLines(Repository.PathOf("tests", "constructs", "access", "expected-access.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        var titles = lines[0][2..];
        return
        [
            .. lines[1..]
                .Select(line =>
                {
                    Assert.Equal(lines[0].Length, line.Length);
                    Assert.All(line[2..], answer => Assert.Contains(answer, new[] { "yes", "-" }));
                    var request = RequestOf(line[0], line[1]);
                    return new ExpectedAccess(
                        request,
                        s_clusterWide.Contains(request.Resource),
                        titles.Zip(line[2..]).ToDictionary(answer => answer.First, answer => answer.Second == "yes")
                    );
                }),
        ];
    }

    private static AccessRequest RequestOf(string verb, string text)
    {
        var (kind, name) = SplitOnce(text, '=');
        var (resource, group) = SplitOnce(kind, '.');
        return new(verb, group ?? "", resource) { Name = name };
    }

    private static (string First, string? Second) SplitOnce(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
}
