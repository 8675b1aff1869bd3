using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Constructs.Admission;
using InfraCdktf.Constructs.Kubernetes;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>
/// Requests that the API server accepts, refuses or reports. The policies are the objects that the system stack delivers. The
/// cases are data files that kubectl can send to a real API server.
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
    public void Admission_case_has_the_outcome_in_its_file_name(string name)
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
                Assert.True(
                    denied.Any(refusal => refusal.Policy == one.Policy),
                    $"{one.File}: not refused by {one.Policy}. {shown}"
                );
                break;
            case "noted":
                Assert.True(denied.Count == 0 && refusals.Any(refusal => refusal.Policy == one.Policy), shown);
                break;
            default:
                Assert.Fail($"{one.File}: unknown outcome; the file name must begin with accepted, refused or noted.");
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Policy_has_an_accepted_case_and_one_case_per_validation(string policy)
    {
        var cases = AdmissionCase.All.Where(one => one.Policy == policy).ToList();
        Assert.Contains(cases, one => one.Outcome == "accepted");
        var validations = Spec(policy)["validations"]!.AsArray();
        // At least one case must be refused by this validation only. Otherwise no test covers the validation.
        for (var index = 0; index < validations.Count; index++)
            Assert.True(
                cases.Any(one =>
                    s_answers.Value[one.ToString()].Where(refusal => refusal.Policy == policy).ToList() is [var only]
                    && only.Validation == index
                ),
                $"{policy}: no case is refused by validation {index} alone: {validations[index]!["expression"]}"
            );
    }

    /// <summary>
    /// Five workload kinds have a pod template. Each policy about templates must cover all of them, on CREATE and on UPDATE.
    /// </summary>
    [Fact]
    public void Pod_template_policies_cover_all_five_workload_kinds()
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
                "allowed-registries",
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
    public void Policy_fails_closed_and_has_a_message_and_a_reason(string policy)
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
    public void Refusal_message_is_whole_sentences_on_one_line() =>
        Assert.All(
            s_answers.Value.Values.SelectMany(refusals => refusals),
            // Kubernetes refuses a message with a line break, and ignores the result of a messageExpression with a line break.
            refusal => Assert.Matches(@"\A[A-Z'].{20,}[.]\z", refusal.Message)
        );

    [Fact]
    public void Admission_case_command_names_its_own_file() =>
        Assert.All(AdmissionCase.All, one => Assert.Contains($" -f {one.File}", $"{one.Command}"));

    /// <summary>Otherwise the case could not be sent to a cluster where the policies are in force.</summary>
    [Fact]
    public void Admission_case_needs_only_what_can_be_created()
    {
        var cases = AdmissionCase.All.Where(one => one.Preparation is not null).ToList();
        Assert.NotEmpty(cases);
        var answers = new AdmissionServer(s_objects, s_platform).Review([.. cases.Select(one => one.Preparation!)]);
        Assert.Empty(
            cases
                .Zip(answers)
                .SelectMany(pair => pair.Second.Select(refusal => (Case: pair.First, Refusal: refusal)))
                .Where(one => one.Refusal.Actions.Contains("Deny"))
                .Select(one => $"{one.Case}: {one.Refusal.Policy}")
        );
    }

    [Fact]
    public void Policy_bindings_name_exactly_the_delivered_policies() =>
        Assert.Equal(
            Named("ValidatingAdmissionPolicy").Order(),
            s_objects
                .Where(one => one["kind"]!.GetValue<string>() == "ValidatingAdmissionPolicyBinding")
                .Select(one => one["spec"]!["policyName"]!.GetValue<string>())
                .Distinct()
                .Order()
        );

    [Fact]
    public void Access_policies_deny_in_every_environment()
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
    public void Admission_exception_applies_to_its_environment_only()
    {
        var staging = s_platform.Applications.Single(environment => environment.Name.Text == "staging") with
        {
            AdmissionExceptions =
            [
                new(WorkloadRule.PinnedImages, EnforcementMode.Warn, "A vendor's image has no versions."),
                new(WorkloadRule.OwnedWorkloads, EnforcementMode.Off, "An operator creates the workloads."),
            ],
        };
        var platform = s_platform with
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

        static AdmissionRequest In(string namespaceName, AdmissionRequest request)
        {
            var moved = request.Object!.DeepClone().AsObject();
            moved["metadata"]!["namespace"] = namespaceName;
            return request with { Object = moved };
        }
    }

    [Theory]
    [InlineData("", null, null, true)]
    [InlineData("", "Equal", "", true)]
    [InlineData("", "Exists", null, false)]
    [InlineData("", "Equal", "system", false)]
    [InlineData("apps", null, null, false)]
    [InlineData("apps", "Equal", "apps", true)]
    public void Own_pool_policy_accepts_exactly_the_taint_of_the_own_pool(string own, string? op, string? value, bool accepted)
    {
        var platform = s_platform with
        {
            Pools =
            [
                .. s_platform.Pools.Select(pool =>
                    pool.Name == "application" ? pool with { Taints = [new("dedicated", own, "NoSchedule")] } : pool
                ),
            ],
        };
        var request = AdmissionCase.All.Single(one => one.ToString() == "own-pool/refused-any-value").Request;
        var pod = request.Object!.DeepClone().AsObject();
        var toleration = new JsonObject { ["key"] = "dedicated" };
        if (op is not null)
            toleration["operator"] = op;
        if (value is not null)
            toleration["value"] = value;
        pod["spec"]!["template"]!["spec"]!["tolerations"] = new JsonArray(toleration);

        var refusals = new AdmissionServer(AdmissionPolicies.Objects(platform), platform).Review([request with { Object = pod }]);

        Assert.Equal(accepted, refusals[0].All(refusal => refusal.Policy != "own-pool"));
    }

    /// <summary>The first part of a name is a host if it has a dot, a port or a capital letter, or is localhost.</summary>
    [Theory]
    [InlineData("shop/api:1.4.2", true)]
    [InlineData("api:1.4.2", true)]
    [InlineData("docker.io/shop/api:1.4.2", true)]
    [InlineData("Shop/api:1.4.2", false)]
    [InlineData("shoP/api:1.4.2", false)]
    [InlineData("localhost/api:1.4.2", false)]
    [InlineData("shop:5000/api:1.4.2", false)]
    [InlineData("[2001:db8::1]:5000/api:1.4.2", false)]
    public void Image_is_from_docker_hub_only_without_a_host(string image, bool accepted)
    {
        var platform = s_platform with
        {
            Applications = [.. s_platform.Applications.Select(one => one with { ImageRegistries = ["docker.io"] })],
        };
        var request = AdmissionCase.All.Single(one => one.ToString() == "allowed-registries/refused-registry").Request;
        var workload = request.Object!.DeepClone().AsObject();
        workload["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image;

        var server = new AdmissionServer(AdmissionPolicies.Objects(platform), platform);
        var refusals = server.Review([request with { Object = workload }])[0];

        Assert.Equal(accepted, refusals.All(refusal => refusal.Policy != "allowed-registries"));
    }

    /// <summary>Each namespace of an environment by its whole name, also those of its teams.</summary>
    [Theory]
    [InlineData("development", false)]
    [InlineData("development-shop", false)]
    [InlineData("development-access", false)]
    [InlineData("development-shopping", true)]
    [InlineData("development-", true)]
    [InlineData("system", true)]
    public void Cluster_binding_is_refused_for_exact_namespaces(string space, bool accepted)
    {
        var platform = s_platform with
        {
            Applications = [.. s_platform.Applications.Select(one => one with { Teams = [new("shop", "#shop")] })],
        };
        var server = new AdmissionServer(AdmissionPolicies.Objects(platform), platform);
        var request = AdmissionCase.All.Single(one => one.ToString() == "cluster-bindings/accepted-shared-service").Request;
        JsonObject[] subjects =
        [
            new()
            {
                ["kind"] = "ServiceAccount",
                ["name"] = "a",
                ["namespace"] = space,
            },
            new() { ["kind"] = "User", ["name"] = $"system:serviceaccount:{space}:a" },
            new() { ["kind"] = "Group", ["name"] = $"system:serviceaccounts:{space}" },
        ];
        var answers = server.Review([
            .. subjects.Select(subject =>
            {
                var binding = request.Object!.DeepClone().AsObject();
                binding["subjects"] = new JsonArray(subject);
                return request with { Object = binding };
            }),
        ]);
        Assert.All(answers, refusals => Assert.Equal(accepted, refusals.Count == 0));
    }

    /// <summary>A namespace of one environment may begin with the name of another environment.</summary>
    [Theory]
    [InlineData("development-eu", false)]
    [InlineData("development-eu-shop", false)]
    [InlineData("development-eu-access", false)]
    [InlineData("development-europe", true)]
    [InlineData("development-eu-bakery", true)]
    public void Pipeline_takes_no_name_of_another_environment(string space, bool accepted)
    {
        var development = s_platform.Applications.Single(one => one.Name.Text == "development");
        var platform = s_platform with
        {
            Applications =
            [
                development with
                {
                    Teams = [new("eu-bakery", "#bakery")],
                },
                development with
                {
                    Name = "development-eu",
                    Teams = [new("shop", "#shop")],
                },
            ],
        };
        var request = AdmissionCase
            .All.Single(one => one.ToString() == "environment-boundary/accepted-own-team-namespace")
            .Request;
        var made = request.Object!.DeepClone().AsObject();
        made["metadata"]!["name"] = space;

        var server = new AdmissionServer(AdmissionPolicies.Objects(platform), platform);
        var refusals = server.Review([request with { Object = made }])[0];

        Assert.Equal(accepted, refusals.All(refusal => refusal.Policy != AdmissionPolicies.Boundary));
    }

    [Fact]
    public void Policy_expressions_call_only_functions_of_Kubernetes()
    {
        // Macros and functions of CEL, and of its extension library for strings (kubernetes.io/docs/reference/using-api/cel).
        string[] known =
        [
            "all",
            "dyn",
            "endsWith",
            "exists",
            "filter",
            "has",
            "int",
            "join",
            "map",
            "matches",
            "replace",
            "size",
            "split",
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
    public void Storage_policy_names_the_encrypted_storage_classes()
    {
        var text = Spec("encrypted-storage").ToJsonString();
        Assert.Contains(StorageClasses.Encrypted, text, StringComparison.Ordinal);
        Assert.Contains(StorageClasses.EncryptedRetain, text, StringComparison.Ordinal);
    }

    // Puts the same pod template into a workload of another kind. A CronJob holds it in spec.jobTemplate.spec.template.
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

    [GeneratedRegex(@"\{[a-z][A-Za-z0-9]*\}")]
    private static partial Regex Placeholder();
}
