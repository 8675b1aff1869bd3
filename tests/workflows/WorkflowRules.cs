using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace InfraCdktf.Tests.Workflows;

/// <summary>The rules that every workflow of this repository must follow.</summary>
internal static partial class WorkflowRules
{
    /// <summary>Returns every violation of the rules; empty if the workflow may be merged.</summary>
    /// <param name="text">The content of the workflow file.</param>
    public static IReadOnlyList<string> Problems(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var workflow = (YamlMappingNode)yaml.Documents[0].RootNode;
        return
        [
            .. Pins(text),
            .. Triggers(workflow),
            .. TopPermissions(workflow),
            .. workflow.Children.ContainsKey("concurrency")
                ? Array.Empty<string>()
                : ["concurrency: there is no group; two runs can run at the same time."],
            .. Jobs(workflow).SelectMany(job => OfJob(job.Name, job.Body)),
        ];
    }

    [GeneratedRegex(@"^\s*(?:-\s+)?uses:\s*(?<action>[^\s#]+)(?:\s*#\s*(?<version>\S+))?", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@"@[0-9a-f]{40}$")]
    private static partial Regex Sha();

    [GeneratedRegex(@"^v\d+\.\d+\.\d+$")]
    private static partial Regex Version();

    // Anyone who takes over an action can move its tag to other code; a commit cannot be moved. The file is read as text, because
    // a comment is not part of the YAML.
    private static IEnumerable<string> Pins(string text)
    {
        foreach (Match use in Uses().Matches(text))
        {
            var action = use.Groups["action"].Value;
            if (action.StartsWith("./", StringComparison.Ordinal))
                continue;
            if (!Sha().IsMatch(action))
                yield return $"uses: {action} is not pinned by a full commit SHA.";
            else if (!Version().IsMatch(use.Groups["version"].Value))
                yield return $"uses: {action} has no version comment (# v1.2.3).";
        }
    }

    // This trigger runs in the base repository's context, with its secrets, on code of a foreign branch.
    private static IEnumerable<string> Triggers(YamlMappingNode workflow) =>
        workflow.Children.TryGetValue("on", out var on) && Keys(on).Contains("pull_request_target")
            ? ["on: pull_request_target gives a foreign branch this repository's secrets."]
            : [];

    private static IEnumerable<string> TopPermissions(YamlMappingNode workflow) =>
        workflow.Children.TryGetValue("permissions", out var permissions) && permissions is YamlMappingNode { Children.Count: 0 }
            ? []
            : ["permissions: must be {} at the top level; each job names the permissions that it needs."];

    private static IEnumerable<string> OfJob(string name, YamlMappingNode job)
    {
        if (!job.Children.ContainsKey("permissions"))
            yield return $"{name}: has no permissions.";
        if (job.Children.TryGetValue("secrets", out var secrets) && secrets is YamlScalarNode { Value: "inherit" })
            yield return $"{name}: secrets: inherit passes all secrets; name the secrets that are needed.";
        if (job.Children.ContainsKey("uses"))
            yield break;
        if (!job.Children.ContainsKey("timeout-minutes"))
            yield return $"{name}: has no timeout-minutes.";
        foreach (var step in Sequence(job, "steps").OfType<YamlMappingNode>())
        {
            // A title or a branch name is foreign text. In a script it is code, in an environment variable it is text.
            if (Scalar(step, "run") is { } run && run.Contains("${{", StringComparison.Ordinal))
                yield return $"{name}: a script contains an expression; pass it through env: `{run.Trim()}`";
            var uses = Scalar(step, "uses") ?? "";
            var with = step.Children.TryGetValue("with", out var given) ? (YamlMappingNode)given : [];
            if (uses.StartsWith("actions/checkout@", StringComparison.Ordinal) && Scalar(with, "persist-credentials") != "false")
                yield return $"{name}: checkout leaves the token on disk; set persist-credentials: false.";
            if (
                uses.StartsWith("hashicorp/setup-terraform@", StringComparison.Ordinal)
                && Scalar(with, "terraform_wrapper") != "false"
            )
                yield return $"{name}: setup-terraform's wrapper hides exit codes; set terraform_wrapper: false.";
        }
    }

    private static IEnumerable<(string Name, YamlMappingNode Body)> Jobs(YamlMappingNode workflow) =>
        ((YamlMappingNode)workflow.Children["jobs"]).Children.Select(job =>
            (((YamlScalarNode)job.Key).Value!, (YamlMappingNode)job.Value)
        );

    private static string? Scalar(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    private static IEnumerable<YamlNode> Sequence(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (YamlSequenceNode)value : [];

    private static IEnumerable<string?> Keys(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => mapping.Children.Keys.Select(key => (key as YamlScalarNode)?.Value),
            YamlSequenceNode sequence => sequence.Select(item => (item as YamlScalarNode)?.Value),
            YamlScalarNode scalar => [scalar.Value],
            _ => [],
        };
}
