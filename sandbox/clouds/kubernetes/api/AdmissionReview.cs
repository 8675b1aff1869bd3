using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// A write of kubectl or of another program through the API, as a validating admission plug-in sees it: after the defaults of
/// limit ranges and after Pod Security.
/// </summary>
public sealed record AdmissionReview
{
    /// <summary>CREATE, UPDATE, DELETE or CONNECT.</summary>
    public required string Operation { get; init; }

    /// <summary>The API group of the resource; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The version of the resource ("v1").</summary>
    public required string Version { get; init; }

    /// <summary>The plural name of the resource ("deployments").</summary>
    public required string Resource { get; init; }

    /// <summary>The subresource ("scale"); null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>The namespace; null for an object without one.</summary>
    public string? Namespace { get; init; }

    /// <summary>The name of the main object.</summary>
    public required string Name { get; init; }

    /// <summary>The user's name, or that of the impersonated user.</summary>
    public required string User { get; init; }

    /// <summary>The groups of the user.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The object after the write; null for DELETE.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The object before the write; null for CREATE and CONNECT.</summary>
    public JsonObject? OldObject { get; init; }
}

/// <summary>The answer of a validating admission plug-in.</summary>
/// <param name="Refusal">Why the write is refused; null if it is accepted.</param>
/// <param name="Warnings">The warnings that the caller sees, whether it is refused or not.</param>
public sealed record AdmissionVerdict(AdmissionRefusal? Refusal, IReadOnlyList<string> Warnings);

/// <summary>The refusal of a write.</summary>
/// <param name="Message">The text after "is forbidden:" or "is invalid:".</param>
/// <param name="Reason">The reason of the answer: Invalid (422) or Forbidden (403).</param>
public sealed record AdmissionRefusal(string Message, string Reason);
