using InfraCdktf.Constructs.Admission;
using InfraCdktf.Environments;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>
/// <c>tests/admission/run-live.sh</c> sends every case with the real kubectl to the sandbox's API server, where all stacks are
/// deployed. Behind it the CEL evaluator decides about each write, with the delivered policies.
/// </summary>
[Trait("Level", "real")]
public sealed class RunLiveTests(SynthesizedPlatform synthesized, ITestOutputHelper log)
{
    private static readonly AdmissionServer s_server = new(AdmissionPolicies.Objects(Inventory.Platform), Inventory.Platform);

    /// <summary>Set to 1 to send every case instead of those of a few policies.</summary>
    private const string Long = "LONG_TESTS";

    /// <summary>
    /// These policies have every kind of command: create, apply, replace, delete, and --raw with subresources. The objects on the
    /// way of a certificate also pass limit ranges, Pod Security and quotas here.
    /// </summary>
    private const string Sample = "^(break-glass-use|environment-label|own-host-names|platform-objects|token-requests)/";

    [Fact]
    public async Task Replay_script_gets_the_promised_outcome_of_each_case()
    {
        DebianTools.Require("kubectl", "kubectl");
        await using var sandbox = await DeployedAsync(Decide);
        var pattern = System.Environment.GetEnvironmentVariable(Long) == "1" ? "." : Sample;

        var result = Replay(sandbox, pattern);

        log.WriteLine(result.ToString());
        var count = AdmissionCase.All.Count(one => System.Text.RegularExpressions.Regex.IsMatch($"{one}", pattern));
        Assert.EndsWith($"\n{count} cases: {count} as promised, 0 not, 0 skipped\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
        // Nothing is left, also of what the cases needed.
        var left = Kubectl(sandbox, "get", "pods,deployments,clusterroles,clusterrolebindings", "-A", "--output=name");
        Assert.DoesNotContain("shop", left.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("admission-replay", left.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_script_reports_a_policy_that_is_missing()
    {
        DebianTools.Require("kubectl", "kubectl");
        await using var sandbox = await DeployedAsync(review => new(null, []));

        var result = Replay(sandbox, "^environment-label/refused-changed");

        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"refused-changed +refused +accepted +<--", result.Output);
        Assert.EndsWith("\n1 cases: 0 as promised, 1 not, 0 skipped\n", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Without a chance to clean up: the object of a case is there, and the rights of the group.</summary>
    [Fact]
    public async Task Replay_script_removes_what_a_killed_run_left()
    {
        DebianTools.Require("kubectl", "kubectl");
        await using var sandbox = await DeployedAsync(Decide);
        using var folder = new TemporaryDirectory();
        const string Pattern = "^platform-objects/(accepted-eviction-of-application|accepted-scale-of-application)";
        var kubectl = Path.Combine(folder.Path, "kubectl");
        await File.WriteAllTextAsync(
            kubectl,
            $"""
            #!/bin/sh
            {DebianTools.PathOf("kubectl")} "$@" || exit
            case "$*" in "create -f "*/object) kill -KILL "$PPID" ;; esac

            """
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(kubectl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var killed = DebianTools.Run(
            "env",
            [
                $"PATH={folder.Path}:{System.Environment.GetEnvironmentVariable("PATH")}",
                $"TMPDIR={folder.Path}",
                Repository.PathOf("tests", "admission", "run-live.sh"),
                sandbox.Sandbox.Kubernetes.Kubeconfig,
                Pattern,
            ],
            timeoutSeconds: 600
        );
        log.WriteLine(killed.ToString());
        Assert.NotEqual(0, killed.ExitCode);
        Assert.DoesNotContain(" cases: ", killed.Output, StringComparison.Ordinal);
        var left = Left();
        Assert.Contains("admission-replay", left, StringComparison.Ordinal);
        Assert.Contains("pod/shop", left, StringComparison.Ordinal);
        // Somebody's own object stays.
        Assert.Equal(0, Kubectl(sandbox, "create", "configmap", "shop", "--namespace", "development").ExitCode);

        var result = Replay(sandbox, Pattern);

        log.WriteLine(result.ToString());
        Assert.EndsWith("\n2 cases: 2 as promised, 0 not, 0 skipped\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("A former run did not end", result.Errors, StringComparison.Ordinal);
        left = Left();
        Assert.DoesNotContain("pod/shop", left, StringComparison.Ordinal);
        Assert.DoesNotContain("admission-replay", left, StringComparison.Ordinal);
        Assert.Contains("configmap/shop", left, StringComparison.Ordinal);

        string Left() =>
            Kubectl(sandbox, "get", "pods,deployments,configmaps,clusterroles,clusterrolebindings", "-A", "--output=name").Output;
    }

    private Task<SandboxFixture> DeployedAsync(Func<AdmissionReview, AdmissionVerdict> decide) =>
        DeployedPlatform.CloneAsync(synthesized, decide);

    private static AdmissionVerdict Decide(AdmissionReview review)
    {
        var refusals = s_server.Review([
            new()
            {
                Operation = review.Operation,
                User = review.User,
                Groups = review.Groups,
                Object = review.Object,
                OldObject = review.OldObject,
                Subresource = review.Subresource is { } part
                    ? new(review.Group, review.Version, review.Resource, review.Namespace, review.Name, part)
                    : null,
            },
        ])[0];
        var denied = refusals.FirstOrDefault(refusal => refusal.Actions.Contains("Deny"));
        return new(
            denied is null ? null : new(Text(denied, " denied request"), denied.Reason),
            [
                .. refusals
                    .Where(refusal => refusal.Actions.Contains("Warn"))
                    .Select(refusal => $"Validation failed for {Text(refusal, "")}"),
            ]
        );

        // The text of the API server 1.34.
        static string Text(Refusal refusal, string denied) =>
            $"ValidatingAdmissionPolicy '{refusal.Policy}' with binding '{refusal.Policy}'{denied}: {refusal.Message}";
    }

    private static ToolResult Replay(SandboxFixture sandbox, string pattern) =>
        DebianTools.Run(
            Repository.PathOf("tests", "admission", "run-live.sh"),
            [sandbox.Sandbox.Kubernetes.Kubeconfig, pattern],
            timeoutSeconds: 600
        );

    private static ToolResult Kubectl(SandboxFixture sandbox, params string[] arguments) =>
        DebianTools.Run("kubectl", [.. arguments, "--kubeconfig", sandbox.Sandbox.Kubernetes.Kubeconfig]);
}
