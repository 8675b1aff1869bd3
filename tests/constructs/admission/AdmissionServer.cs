using System.Diagnostics;
using System.Text.Json.Nodes;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>A failed validation of a policy for a request.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Actions">The validation actions of the binding: Deny, Warn, Audit.</param>
/// <param name="Validation">The index of the failed validation, from 0.</param>
/// <param name="Message">The message that the caller reads.</param>
/// <param name="Reason">The reason of Kubernetes: Invalid (422) or Forbidden (403).</param>
public sealed record Refusal(string Policy, IReadOnlyList<string> Actions, int Validation, string Message, string Reason);

/// <summary>
/// The part of an API server that evaluates ValidatingAdmissionPolicies. Match constraints and selectors are evaluated here, as
/// Kubernetes documents them. Expressions are evaluated by an implementation of CEL (@bufbuild/cel, from npm). An expression that
/// cannot be evaluated fails the test: a real API server then refuses the request without a readable reason.
/// </summary>
public sealed class AdmissionServer
{
    private static readonly string s_cel = Repository.PathOf("tests", "constructs", "admission", "cel");
    private static readonly Lazy<Evaluator> s_evaluator = new(StartEvaluator);

    private readonly Dictionary<string, JsonObject> _policies;
    private readonly List<JsonObject> _bindings;
    private readonly Dictionary<string, JsonObject> _namespaces;

    /// <summary>Reads policies, bindings and namespaces.</summary>
    /// <param name="objects">ValidatingAdmissionPolicies and their bindings.</param>
    /// <param name="platform">The inventory: its environments define the namespaces and their labels.</param>
    public AdmissionServer(IReadOnlyList<JsonObject> objects, PlatformSpec platform)
    {
        _policies = objects
            .Where(one => Text(one["kind"]) == "ValidatingAdmissionPolicy")
            .ToDictionary(one => Text(one["metadata"]!["name"]), one => one["spec"]!.AsObject());
        _bindings = [.. objects.Where(one => Text(one["kind"]) == "ValidatingAdmissionPolicyBinding")];
        _namespaces = platform
            .Environments.SelectMany(environment =>
                environment
                    .Namespaces.Append(environment.AccessNamespace)
                    .Select(name => (Name: name, Labels: Labels.Kubernetes(platform, environment)))
            )
            .ToDictionary(one => one.Name, one => Namespace(one.Name, one.Labels));
    }

    /// <summary>
    /// The failed validations of each request, in the order of the requests, for every validation action (Deny, Warn, Audit).
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Refusal>> Review(IReadOnlyList<AdmissionRequest> requests)
    {
        var asked = requests
            .SelectMany(
                (request, index) =>
                    _bindings.Where(binding => Matches(binding, request)).Select(binding => (Index: index, Binding: binding))
            )
            .ToList();
        var questions = new JsonArray([
            .. asked.Select(ask => new JsonObject
            {
                ["policy"] = Policy(ask.Binding).DeepClone(),
                ["input"] = Input(requests[ask.Index]),
            }),
        ]);
        var answers = Evaluate(questions);
        Assert.Equal(asked.Count, answers.Count);
        var refusals = requests.Select(_ => new List<Refusal>()).ToList();
        foreach (var ((index, binding), answer) in asked.Zip(answers))
        {
            var policy = Text(binding["spec"]!["policyName"]);
            Assert.True(answer!["error"] is null, $"{policy} cannot be evaluated: {answer["error"]}: {requests[index]}");
            refusals[index]
                .AddRange(
                    answer["refusals"]!
                        .AsArray()
                        .Select(refusal => new Refusal(
                            policy,
                            [.. binding["spec"]!["validationActions"]!.AsArray().Select(Text)],
                            refusal!["index"]!.GetValue<int>(),
                            Text(refusal["message"]),
                            Text(refusal["reason"])
                        ))
                );
        }
        return refusals;
    }

    private JsonObject Policy(JsonObject binding) => _policies[Text(binding["spec"]!["policyName"])];

    private bool Matches(JsonObject binding, AdmissionRequest request)
    {
        var constraints = Policy(binding)["matchConstraints"]!;
        return constraints["resourceRules"]!.AsArray().Any(rule => Covers(rule!, request))
            && !(constraints["excludeResourceRules"]?.AsArray() ?? []).Any(rule => Covers(rule!, request))
            && Selects(binding["spec"]!["matchResources"]?["namespaceSelector"], request);
    }

    private static bool Covers(JsonNode rule, AdmissionRequest request)
    {
        string[] names = request.Subresource is { } sub
            ? [$"{sub.Resource}/{sub.Part}", $"{sub.Resource}/*", $"*/{sub.Part}", "*/*"]
            : [request.Resource, "*", "*/*"];
        return Any(rule["apiGroups"], request.Group, "*")
            && Any(rule["operations"], request.Operation, "*")
            && Any(rule["resources"], names)
            && (rule["scope"] is null || Text(rule["scope"]) == (request.Namespace is null ? "Cluster" : "Namespaced"));
    }

    // A namespace selector never excludes a cluster-scoped object. For a Namespace, the selector reads the labels of that
    // Namespace.
    private bool Selects(JsonNode? selector, AdmissionRequest request)
    {
        if (selector is null || (request.Namespace is null && request.Resource != "namespaces"))
            return true;
        var namespaceObject = request.Namespace is null ? request.Body : NamespaceOf(request)!;
        var labels = namespaceObject["metadata"]!["labels"];
        return selector["matchExpressions"]!
            .AsArray()
            .All(expression =>
            {
                Assert.Equal("In", Text(expression!["operator"]));
                return labels?[Text(expression["key"])] is { } value && Any(expression["values"], Text(value));
            });
    }

    private JsonObject Input(AdmissionRequest request) =>
        new()
        {
            ["object"] = request.Object?.DeepClone(),
            ["oldObject"] = request.OldObject?.DeepClone(),
            ["request"] = request.ToJson(),
            ["namespaceObject"] = NamespaceOf(request)?.DeepClone(),
        };

    private JsonObject? NamespaceOf(AdmissionRequest request) =>
        request.Namespace is { } name
            ? _namespaces.GetValueOrDefault(name) ?? Namespace(name, new Dictionary<string, string>())
            : null;

    // Kubernetes adds the label kubernetes.io/metadata.name to each namespace.
    private static JsonObject Namespace(string name, IReadOnlyDictionary<string, string> labels) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject([
                    .. labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)),
                    KeyValuePair.Create("kubernetes.io/metadata.name", (JsonNode?)name),
                ]),
            },
        };

    private static JsonArray Evaluate(JsonArray questions) => s_evaluator.Value.Ask(questions);

    private static Evaluator StartEvaluator()
    {
        Install();
        var evaluator = new Evaluator();
        TestRun.AtEnd(evaluator);
        return evaluator;
    }

    /// <summary>Installs the evaluator with the versions of its lock file, once per clone.</summary>
    private static void Install()
    {
        var installed = new FileInfo(Path.Combine(s_cel, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(s_cel, "package-lock.json")))
            return;
        var result = DebianTools.Run("npm", ["ci"], s_cel, timeoutSeconds: 300);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static bool Any(JsonNode? list, params string[] wanted) => list!.AsArray().Any(one => wanted.Contains(Text(one)));

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    /// <summary>The process that evaluates CEL, one question after the other. It runs until the tests end.</summary>
    private sealed class Evaluator : IAsyncDisposable
    {
        private readonly Lock _asking = new();
        private readonly Process _node = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(s_cel, "evaluate.mjs")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;

        public JsonArray Ask(JsonArray questions)
        {
            lock (_asking)
            {
                _node.StandardInput.WriteLine(questions.ToJsonString());
                _node.StandardInput.Flush();
                return JsonNode
                    .Parse(_node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("evaluate.mjs has ended."))!
                    .AsArray();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _node.StandardInput.Close();
            await _node.WaitForExitAsync();
            _node.Dispose();
        }
    }
}
