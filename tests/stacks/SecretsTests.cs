using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>The synthesized output contains no secret value (NFR-002).</summary>
[Trait("Level", "synthesized")]
public sealed partial class SecretsTests(SynthesizedPlatform platform)
{
    [Fact]
    public void Ephemeral_variables_are_used_in_write_only_arguments_only()
    {
        foreach (var stack in platform.Shipped.Stacks.Values)
        {
            var ephemeral = (stack.Json["variable"] as JsonObject ?? [])
                .Where(variable => variable.Value!["ephemeral"]?.GetValue<bool>() == true)
                .Select(variable => variable.Key);
            foreach (var name in ephemeral)
            {
                var uses = Leaves(stack.Json)
                    .Where(leaf => leaf.Value.Contains($"var.{name}", StringComparison.Ordinal))
                    .ToList();
                Assert.NotEmpty(uses);
                Assert.All(uses, use => Assert.Contains("/data_wo/", use.Path));
            }
        }
    }

    [Fact]
    public void Stacks_declare_no_sensitive_variable() =>
        // The value of a sensitive variable that is not ephemeral is stored in every saved plan (measured).
        Assert.All(
            platform.Shipped.Stacks.Values.SelectMany(stack => stack.Json["variable"] as JsonObject ?? []),
            variable => Assert.Null(variable.Value!["sensitive"])
        );

    [Fact]
    public void Fields_named_like_a_secret_have_no_literal_value()
    {
        var literals = platform
            .Shipped.Stacks.Values.SelectMany(stack =>
                Leaves(stack.Json).Concat(InsideHelmValues(stack)).Select(leaf => (stack.Name, leaf.Path, leaf.Value))
            )
            .Where(leaf => SecretKey().IsMatch(leaf.Path[(leaf.Path.LastIndexOf('/') + 1)..]) && !Harmless().IsMatch(leaf.Value))
            .Where(leaf => !s_namesOfSecrets.Contains(leaf.Value))
            // The number of Secrets that a quota allows.
            .Where(leaf => !leaf.Path.EndsWith("/spec/hard/secrets", StringComparison.Ordinal));
        Assert.Empty(literals);
    }

    [Fact]
    public void Stacks_contain_nothing_that_looks_like_a_credential()
    {
        foreach (var stack in platform.Shipped.Stacks.Values)
        {
            var found = Leaves(stack.Json).Where(leaf => LooksLikeCredential().IsMatch(leaf.Value)).Select(leaf => leaf.Path);
            Assert.Empty(found);
        }
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0000/B0000/abcdefghijklmnop", true)]
    [InlineData("-----BEGIN PRIVATE KEY-----", true)]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ012345", true)]
    [InlineData("postgres://admin:hunter2@db/app", true)]
    [InlineData("c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", true)]
    [InlineData("busybox@sha256:c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00", false)]
    [InlineData("v1.34.6+lke2", false)]
    [InlineData("https://acme-v02.api.letsencrypt.org/directory", false)]
    public void Credential_scan_recognizes_the_known_formats(string text, bool credential) =>
        Assert.Equal(credential, LooksLikeCredential().IsMatch(text));

    private static readonly string[] s_namesOfSecrets =
    [
        "alert-routes",
        "grafana-admin",
        "letsencrypt-account",
        "admin-user",
        "admin-password",
    ];

    private static IEnumerable<(string Path, string Value)> InsideHelmValues(SynthesizedStack stack) =>
        stack.Of("helm_release").SelectMany(release => Leaves(release.HelmValues, $"/{release.Address}"));

    private static IEnumerable<(string Path, string Value)> Leaves(JsonNode? node, string path = "") =>
        node switch
        {
            JsonObject fields => fields.SelectMany(field => Leaves(field.Value, $"{path}/{field.Key}")),
            JsonArray items => items.SelectMany((item, index) => Leaves(item, $"{path}/{index}")),
            JsonValue value when value.TryGetValue<string>(out var text) => [(path, text)],
            _ => [],
        };

    [GeneratedRegex("password|passwd|secret|token|apikey|api_key|private_?key|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretKey();

    // A reference, the path of a mounted Secret, a type or a description.
    [GeneratedRegex(@"^(\$\{[^}]+\}|/etc/[\w./-]+|string|number|Key ""[\w-]+"" of the Secret [\w-]+\.|Raise it .*)?\z")]
    private static partial Regex Harmless();

    [GeneratedRegex(
        @"hooks\.slack\.com/services/T|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_[A-Za-z0-9]{30,}|\bAKIA[A-Z0-9]{12,}"
            + @"|\bxox[abps]-|://[^/\s:@]+:[^/\s:@]+@|(?<!sha256:)\b[0-9a-f]{64}\b|\beyJ[A-Za-z0-9_-]{20,}\."
    )]
    private static partial Regex LooksLikeCredential();
}
