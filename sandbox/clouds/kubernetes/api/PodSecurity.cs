using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards). It returns the violations of a pod
/// with the text of Pod Security Admission.
/// </summary>
internal static class PodSecurity
{
    /// <summary>The namespace label with the level that is enforced on its pods.</summary>
    public const string Enforce = "pod-security.kubernetes.io/enforce";

    /// <summary>The namespace label with the level that kubectl warns about.</summary>
    public const string Warn = "pod-security.kubernetes.io/warn";

    private static readonly string[] _baselineCapabilities =
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ];

    private static readonly string[] _restrictedVolumes =
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];

    /// <summary>The violations of a level by a pod's spec; none for privileged and for a namespace without a level.</summary>
    public static IReadOnlyList<string> Violations(string? level, JsonNode spec) =>
        level switch
        {
            "baseline" => [.. Baseline(spec)],
            "restricted" => [.. Baseline(spec), .. Restricted(spec)],
            _ => [],
        };

    private static IEnumerable<string> Baseline(JsonNode spec)
    {
        var shared = new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(spec.True).ToList();
        if (shared.Count > 0)
            yield return $"host namespaces ({string.Join(", ", shared.Select(name => $"{name}=true"))})";
        if (Volumes(spec).Where(volume => volume["hostPath"] is not null).ToList() is { Count: > 0 } paths)
            yield return $"hostPath volumes ({Quoted("volume", paths.Select(volume => volume.Text("name")!))})";
        foreach (
            var (what, violates) in new (string, Func<JsonNode, bool>)[]
            {
                ("privileged ({0} must not set securityContext.privileged=true)", c => c.True("securityContext.privileged")),
                (
                    "non-default capabilities "
                        + "({0} must not include more than the default set in securityContext.capabilities.add)",
                    c => c.Texts("securityContext.capabilities.add").Except(_baselineCapabilities).Any()
                ),
                ("hostPort ({0} uses a hostPort)", c => c.Items("ports").Any(port => port.Whole("hostPort") > 0)),
                (
                    "procMount ({0} must not set securityContext.procMount)",
                    c => c.Text("securityContext.procMount") is not (null or "Default")
                ),
            }
        )
        {
            if (Those(spec, violates) is { } containers)
                yield return what.Replace("{0}", containers, StringComparison.Ordinal);
        }
        if (new[] { spec }.Concat(Containers(spec)).Any(part => Seccomp(part) == "Unconfined"))
            yield return "seccompProfile (pod or containers must not set securityContext.seccompProfile.type to \"Unconfined\")";
    }

    private static IEnumerable<string> Restricted(JsonNode spec)
    {
        if (Those(spec, c => c.At("securityContext.allowPrivilegeEscalation")?.GetValue<bool>() != false) is { } escalate)
            yield return "allowPrivilegeEscalation != false "
                + $"({escalate} must set securityContext.allowPrivilegeEscalation=false)";
        if (
            Those(
                spec,
                c =>
                    !c.Texts("securityContext.capabilities.drop").Contains("ALL")
                    || c.Texts("securityContext.capabilities.add").Any(added => added != "NET_BIND_SERVICE")
            ) is
            { } capable
        )
            yield return $"unrestricted capabilities ({capable} must set securityContext.capabilities.drop=[\"ALL\"])";
        var kinds = Volumes(spec)
            .Where(volume => !volume.Any(field => _restrictedVolumes.Contains(field.Key)))
            .Select(volume => volume.Text("name")!)
            .ToList();
        if (kinds.Count > 0)
            yield return $"restricted volume types ({Quoted("volume", kinds)} uses a restricted volume type)";
        // A container's value takes precedence over the pod's value.
        if (Those(spec, c => Effective(spec, c, "runAsNonRoot")?.GetValue<bool>() != true) is { } root)
            yield return $"runAsNonRoot != true (pod or {root} must set securityContext.runAsNonRoot=true)";
        if (Those(spec, c => Effective(spec, c, "runAsUser") is { } user && user.ToString() == "0") is { } zero)
            yield return $"runAsUser=0 (pod or {zero} must not set runAsUser=0)";
        if (Those(spec, c => (Seccomp(c) ?? Seccomp(spec)) is not ("RuntimeDefault" or "Localhost")) is { } open)
            yield return $"seccompProfile (pod or {open} must set securityContext.seccompProfile.type "
                + "to \"RuntimeDefault\" or \"Localhost\")";
    }

    private static JsonNode? Effective(JsonNode spec, JsonNode container, string field) =>
        container.At($"securityContext.{field}") ?? spec.At($"securityContext.{field}");

    private static string? Seccomp(JsonNode part) => part.Text("securityContext.seccompProfile.type");

    private static IEnumerable<JsonNode> Containers(JsonNode spec) =>
        spec.Items("initContainers").Concat(spec.Items("containers")).OfType<JsonNode>();

    private static IEnumerable<JsonObject> Volumes(JsonNode spec) => spec.Items("volumes").OfType<JsonObject>();

    private static string? Those(JsonNode spec, Func<JsonNode, bool> violates) =>
        Containers(spec).Where(violates).Select(container => container.Text("name")!).ToList() is { Count: > 0 } names
            ? Quoted("container", names)
            : null;

    private static string Quoted(string what, IEnumerable<string> names)
    {
        var list = names.Select(name => $"\"{name}\"").ToList();
        return $"{what}{(list.Count > 1 ? "s" : "")} {string.Join(", ", list)}";
    }
}
