using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Admission;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>
/// What the API server refuses. The policies are the very objects that the system stack delivers; the cases are data files that kubectl can send to a
/// real API server.
/// </summary>
[Trait("Level", "real")]
public sealed partial class AdmissionPoliciesTests
{
    private static readonly PlatformSpec s_platform = Inventory.Platform;
    private static readonly IReadOnlyList<JsonObject> s_objects = AdmissionPolicies.Objects(s_platform);
    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlyList<Refusal>>> s_answers = new(Answers);
    private static readonly JsonObject s_harmless = AdmissionCase
        .All.Single(one => one.ToString() == "pinned-images/accepted-version")
        .Request.Object!;

    public static TheoryData<string> Cases => [.. AdmissionCase.All.Select(one => one.ToString())];

    public static TheoryData<string> Policies => [.. Named("ValidatingAdmissionPolicy")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_case_comes_out_as_its_name_says(string name)
    {
        var one = AdmissionCase.All.Single(one => one.ToString() == name);
        var refusals = s_answers.Value[name];
        var denied = refusals.Where(refusal => refusal.Actions.Contains("Deny")).ToList();
        var shown = string.Join('\n', refusals);
        switch (one.Outcome)
        {
            case "accepted":
                Assert.True(refusals.Count == 0, shown);
                break;
            case "refused":
                Assert.True(denied.Any(refusal => refusal.Policy == one.Policy), $"Not refused by {one.Policy}. {shown}");
                break;
            case "noted":
                Assert.True(denied.Count == 0 && refusals.Any(refusal => refusal.Policy == one.Policy), shown);
                break;
            default:
                Assert.Fail($"{one.File}: the name begins with accepted, refused or noted.");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Each_policy_refuses_something_and_accepts_something_and_each_of_its_validations_counts(string policy)
    {
        var cases = AdmissionCase.All.Where(one => one.Policy == policy).ToList();
        Assert.Contains(cases, one => one.Outcome == "accepted");
        var validations = Spec(policy)["validations"]!.AsArray();
        // Without this validation nothing would have refused the case: that is what each is there for.
        for (var index = 0; index < validations.Count; index++)
            Assert.True(
                cases.Any(one =>
                    s_answers.Value[one.ToString()].Where(refusal => refusal.Policy == policy).ToList() is [var only]
                    && only.Validation == index
                ),
                $"{policy}: no case is refused by validation {index} alone: {validations[index]!["expression"]}"
            );
    }

    /// <summary>Five kinds make pods: a rule that forgets one is no rule.</summary>
    [Fact]
    public void Each_rule_about_templates_refuses_every_kind_that_has_one_made_or_changed()
    {
        string[] kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];
        var wanted = (
            from one in AdmissionCase.All
            where
                one.Outcome == "refused"
                && one.Request.OldObject is null
                && one.Request.Kind is "Deployment" or "DaemonSet" or "Job" or "CronJob"
            from kind in kinds
            let made = one.Request with
            {
                Object = As(kind, one.Request.Object!),
            }
            from request in new[] { made, made with { Operation = "UPDATE", OldObject = As(kind, s_harmless) } }
            select (one.Policy, Kind: kind, Request: request)
        ).ToList();
        Assert.Equal(
            [
                "bounded-containers",
                "common-priority",
                "encrypted-storage",
                "no-mounted-tokens",
                "own-pool",
                "owned-workloads",
                "pinned-images",
            ],
            wanted.Select(one => one.Policy).Distinct().Order()
        );
        var answers = new AdmissionServer(s_objects, s_platform).Review([.. wanted.Select(one => one.Request)]);
        Assert.Empty(
            wanted
                .Zip(answers)
                .Where(pair => pair.Second.All(refusal => refusal.Policy != pair.First.Policy))
                .Select(pair => $"{pair.First.Policy}: {pair.First.Request.Operation} of a {pair.First.Kind}")
        );
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Each_policy_fails_closed_and_says_why_it_is_there(string policy)
    {
        Assert.Equal("Fail", Spec(policy)["failurePolicy"]!.GetValue<string>());
        Assert.All(
            Spec(policy)["validations"]!.AsArray(),
            validation => Assert.True((validation!["message"] ?? validation["messageExpression"]) is not null)
        );
        var whole = s_objects.First(one => one["metadata"]!["name"]!.GetValue<string>() == policy);
        Assert.NotEqual("", whole["metadata"]!["annotations"]!["reason"]!.GetValue<string>());
        Assert.DoesNotMatch(Placeholder(), whole.ToJsonString());
    }

    [Fact]
    public void Each_refusal_tells_the_sender_in_a_sentence() =>
        Assert.All(
            s_answers.Value.Values.SelectMany(refusals => refusals),
            // One line: Kubernetes refuses a message with a line break, and drops what a messageExpression says with one.
            refusal => Assert.Matches(@"\A[A-Z'].{20,}[.]\z", refusal.Message)
        );

    [Fact]
    public void Each_case_names_its_own_file_in_its_command() =>
        Assert.All(AdmissionCase.All, one => Assert.EndsWith($" -f {one.File}", one.Command));

    [Fact]
    public void Every_policy_is_bound_and_every_binding_has_a_policy() =>
        Assert.Equal(
            Named("ValidatingAdmissionPolicy").Order(),
            s_objects
                .Where(one => one["kind"]!.GetValue<string>() == "ValidatingAdmissionPolicyBinding")
                .Select(one => one["spec"]!["policyName"]!.GetValue<string>())
                .Distinct()
                .Order()
        );

    [Fact]
    public void No_environment_is_excused_from_a_rule_about_access_and_the_fence_knows_no_selector()
    {
        foreach (var policy in AdmissionPolicies.AccessPolicies)
        {
            var binding = Assert.Single(s_objects, one => one["spec"]!["policyName"]?.GetValue<string>() == policy);
            Assert.Equal(["Deny"], binding["spec"]!["validationActions"]!.AsArray().Select(one => one!.GetValue<string>()));
            var environments = binding["spec"]!
                ["matchResources"]
                ?["namespaceSelector"]!["matchExpressions"]![0]!["values"]!.AsArray()
                .Select(one => one!.GetValue<string>());
            Assert.True(
                environments is null || s_platform.Applications.All(environment => environments.Contains(environment.Name.Text))
            );
            Assert.False(policy == AdmissionPolicies.Boundary && environments is not null);
        }
    }

    [Fact]
    public void An_exception_warns_or_is_not_asked_in_its_environment_alone()
    {
        EnvironmentSpec staging = s_platform.Applications.Single(environment => environment.Name.Text == "staging") with
        {
            AdmissionExceptions =
            [
                new(WorkloadRule.PinnedImages, EnforcementMode.Warn, "A vendor's image has no versions."),
                new(WorkloadRule.OwnedWorkloads, EnforcementMode.Off, "An operator makes the workloads."),
            ],
        };
        PlatformSpec platform = s_platform with
        {
            Applications = [.. s_platform.Applications.Select(one => one.Name == staging.Name ? staging : one)],
        };
        var server = new AdmissionServer(AdmissionPolicies.Objects(platform), platform);
        var latest = AdmissionCase.All.Single(one => one.ToString() == "pinned-images/refused-latest").Request;
        var unowned = AdmissionCase.All.Single(one => one.ToString() == "owned-workloads/refused-no-owner").Request;
        var answers = server.Review([latest, In("staging", latest), unowned, In("staging", unowned)]);
        Assert.Equal(["Deny"], Assert.Single(answers[0]).Actions);
        Assert.Equal(["Warn", "Audit"], Assert.Single(answers[1], refusal => refusal.Policy == "pinned-images").Actions);
        Assert.Single(answers[2]);
        Assert.Empty(answers[3]);

        static AdmissionRequest In(string space, AdmissionRequest request)
        {
            var moved = request.Object!.DeepClone().AsObject();
            moved["metadata"]!["namespace"] = space;
            return request with { Object = moved };
        }
    }

    [Fact]
    public void What_the_expressions_call_Kubernetes_has()
    {
        // Macros and functions of CEL itself, and of the extension library for strings (kubernetes.io/docs/reference/using-api/cel).
        string[] known =
        [
            "all",
            "dyn",
            "endsWith",
            "exists",
            "filter",
            "has",
            "join",
            "map",
            "matches",
            "replace",
            "size",
            "startsWith",
            "substring",
            "contains",
        ];
        var called = s_objects
            .SelectMany(Expressions)
            .SelectMany(expression => Call().Matches(Literal().Replace(expression, "''")))
            .Select(call => call.Groups[1].Value)
            .Distinct();
        Assert.Equal([], called.Except(known));
    }

    [Fact]
    public void The_storage_classes_are_ours()
    {
        var text = Spec("encrypted-storage").ToJsonString();
        Assert.Contains(StorageClasses.Encrypted, text, StringComparison.Ordinal);
        Assert.Contains(StorageClasses.EncryptedRetain, text, StringComparison.Ordinal);
    }

    // The same pods in a workload of another kind; a CronJob's template lies deeper.
    private static JsonObject As(string kind, JsonObject workload)
    {
        var spec = workload["spec"]!;
        var pods = new JsonObject { ["template"] = (spec["template"] ?? spec["jobTemplate"]!["spec"]!["template"])!.DeepClone() };
        var other = workload.DeepClone().AsObject();
        other["apiVersion"] = kind is "Job" or "CronJob" ? "batch/v1" : "apps/v1";
        other["kind"] = kind;
        other["spec"] = kind == "CronJob" ? new JsonObject { ["jobTemplate"] = new JsonObject { ["spec"] = pods } } : pods;
        return other;
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<Refusal>> Answers()
    {
        var server = new AdmissionServer(s_objects, s_platform);
        var answers = server.Review([.. AdmissionCase.All.Select(one => one.Request)]);
        return AdmissionCase.All.Zip(answers).ToDictionary(pair => pair.First.ToString(), pair => pair.Second);
    }

    private static IEnumerable<string> Named(string kind) =>
        s_objects
            .Where(one => one["kind"]!.GetValue<string>() == kind)
            .Select(one => one["metadata"]!["name"]!.GetValue<string>());

    private static JsonNode Spec(string policy) =>
        s_objects.First(one => one["metadata"]!["name"]!.GetValue<string>() == policy)["spec"]!;

    private static IEnumerable<string> Expressions(JsonObject policy) =>
        new[] { "matchConditions", "variables", "validations" }
            .SelectMany(part => policy["spec"]![part]?.AsArray() ?? [])
            .SelectMany(one => new[] { one!["expression"], one["messageExpression"] })
            .OfType<JsonNode>()
            .Select(expression => expression.GetValue<string>());

    [GeneratedRegex(@"'[^']*'")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b([a-zA-Z]+)\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"\{[a-z][A-Za-z]*\}")]
    private static partial Regex Placeholder();
}
