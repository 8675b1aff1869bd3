using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>The Pod Security Standards, case by case.</summary>
[Trait("Level", "pure")]
public sealed class PodSecurityTests
{
    private const string Restricted = """
        "securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},
        "containers":[{"name":"c","image":"x:1",
          "securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]
        """;

    /// <summary>
    /// The level, the pod and the expected violation; empty: the pod is admitted. The cases are from
    /// kubernetes.io/docs/concepts/security/pod-security-standards.
    /// </summary>
    public static TheoryData<string, string, string> Pods =>
        new()
        {
            { "restricted", $"{{{Restricted}}}", "" },
            { "restricted", """{"containers":[{"name":"c"}]}""", "allowPrivilegeEscalation != false (container \"c\" must set" },
            { "restricted", """{"containers":[{"name":"c"}]}""", "unrestricted capabilities (container \"c\"" },
            { "restricted", """{"containers":[{"name":"c"}]}""", "runAsNonRoot != true (pod or container \"c\"" },
            { "restricted", """{"containers":[{"name":"c"}]}""", "seccompProfile (pod or container \"c\"" },
            {
                "restricted",
                $$"""{"initContainers":[{"name":"i"}],{{Restricted}} }""",
                "allowPrivilegeEscalation != false (container \"i\" must set"
            },
            {
                "restricted",
                $$"""{"volumes":[{"name":"v","nfs":{} }],{{Restricted}} }""",
                "restricted volume types (volume \"v\""
            },
            { "restricted", $$"""{"volumes":[{"name":"v","emptyDir":{} }],{{Restricted}} }""", "" },
            { "baseline", """{"containers":[{"name":"c"}]}""", "" },
            { "baseline", """{"hostNetwork":true,"containers":[{"name":"c"}]}""", "host namespaces (hostNetwork=true)" },
            {
                "baseline",
                """{"volumes":[{"name":"v","hostPath":{"path":"/"}}],"containers":[{"name":"c"}]}""",
                "hostPath volumes (volume \"v\")"
            },
            {
                "baseline",
                """{"containers":[{"name":"c","securityContext":{"privileged":true}}]}""",
                "privileged (container \"c\" must not set securityContext.privileged=true)"
            },
            {
                "baseline",
                """{"containers":[{"name":"c","securityContext":{"capabilities":{"add":["NET_ADMIN"]}}}]}""",
                "non-default capabilities (container \"c\""
            },
            { "baseline", """{"containers":[{"name":"c","ports":[{"hostPort":80}]}]}""", "hostPort (container \"c\"" },
            { "privileged", """{"hostPID":true,"containers":[{"name":"c"}]}""", "" },
        };

    [Theory]
    [MemberData(nameof(Pods))]
    public void Pod_security_level_admits_or_refuses_a_pod(string level, string spec, string says)
    {
        var violations = PodSecurity.Violations(level, JsonNode.Parse(spec)!);
        if (says.Length == 0)
            Assert.Empty(violations);
        else
            Assert.Contains(violations, violation => violation.StartsWith(says, StringComparison.Ordinal));
    }
}
