using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Workflows;

/// <summary>Tests that the workflows follow <see cref="WorkflowRules"/> and that CODEOWNERS names reviewers.</summary>
[Trait("Level", "pure")]
public sealed class WorkflowTests
{
    private const string Sound = """
        on: { pull_request: }
        permissions: {}
        concurrency: { group: one }
        jobs:
          job:
            runs-on: ubuntu-24.04
            timeout-minutes: 5
            permissions: { contents: read }
            steps:
              - uses: actions/checkout@0123456789012345678901234567890123456789 # v1.2.3
                with: { persist-credentials: false }
              - uses: hashicorp/setup-terraform@0123456789012345678901234567890123456789 # v1.2.3
                with: { terraform_wrapper: false }
              - run: terraform version
        """;

    /// <summary>Names that other parts of the platform and outside checks depend on. No other name is allowed.</summary>
    private static readonly string[] s_contract =
    [
        "ci.yml",
        "plan.yml",
        "apply.yml",
        "drift.yml",
        "rollback-drill.yml",
        "rotate-secrets.yml",
        "break-glass.yml",
        "destroy.yml",
        "deploy-service.yml",
    ];

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<string, string, string> Breaks =>
        new()
        {
            { "checkout@0123456789012345678901234567890123456789", "checkout@v4", "is not pinned" },
            {
                "checkout@0123456789012345678901234567890123456789 # v1.2.3",
                "checkout@0123456789012345678901234567890123456789",
                "no version comment"
            },
            { "permissions: {}", "permissions: { contents: write }", "must be {} at the top level" },
            { "permissions: {}", "env: {}", "must be {} at the top level" },
            { "on: { pull_request: }", "on: { pull_request_target: }", "pull_request_target" },
            { "on: { pull_request: }", "on: [push, pull_request_target]", "pull_request_target" },
            { "concurrency:", "env:", "there is no group" },
            { "    timeout-minutes: 5\n", "", "no timeout-minutes" },
            { "    permissions: { contents: read }\n", "", "has no permissions" },
            { "    timeout-minutes: 5\n", "    timeout-minutes: 5\n    secrets: inherit\n", "secrets: inherit" },
            { "persist-credentials: false", "persist-credentials: true", "persist-credentials" },
            { "with: { persist-credentials: false }", "env: {}", "persist-credentials" },
            { "terraform_wrapper: false", "terraform_wrapper: true", "terraform_wrapper" },
            { "terraform version", "echo ${{ github.event.pull_request.title }}", "a script contains an expression" },
        };

    private static string Folder => Repository.PathOf(".github", "workflows");

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_follows_the_rules(string file) =>
        Assert.Empty(WorkflowRules.Problems(File.ReadAllText(Path.Combine(Folder, file))));

    [Theory]
    [MemberData(nameof(Files))]
    public void Workflow_has_a_name_of_the_contract(string file) => Assert.Contains(file, s_contract);

    [Fact]
    public void Workflows_ci_and_plan_exist() =>
        Assert.Superset(
            new HashSet<string> { "ci.yml", "plan.yml" },
            Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).ToHashSet()
        );

    [Theory]
    [InlineData("ci.yml")]
    [InlineData("plan.yml")]
    public void Workflow_of_a_foreign_branch_has_no_secret_and_no_write(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain(": write", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WorkflowRules_accept_a_correct_workflow() => Assert.Empty(WorkflowRules.Problems(Sound));

    [Theory]
    [MemberData(nameof(Breaks))]
    public void WorkflowRules_refuse_a_broken_workflow(string sound, string broken, string problem)
    {
        Assert.Contains(sound, Sound, StringComparison.Ordinal);
        Assert.Contains(
            WorkflowRules.Problems(Sound.Replace(sound, broken, StringComparison.Ordinal)),
            found => found.Contains(problem, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void CodeOwners_name_reviewers_for_security_relevant_folders()
    {
        var owned = File.ReadLines(Repository.PathOf(".github", "CODEOWNERS"))
            .Where(line => line.StartsWith('/'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(parts => parts[0], parts => parts[1..]);
        string[] folders =
        [
            "/environments/",
            "/constructs/network/",
            "/constructs/access/",
            "/constructs/admission/",
            "/constructs/secrets/",
        ];
        foreach (var folder in folders)
            Assert.NotEmpty(owned[folder]);
        // Both teams must review a network override.
        Assert.Equal(owned["/constructs/network/"], owned["/environments/NetworkOverrides.cs"]);
        Assert.All(owned.Keys, path => Assert.True(Path.Exists(Repository.PathOf(path.Trim('/'))), $"{path} does not exist"));
    }
}
