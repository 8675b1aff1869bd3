namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>A Helm chart at one exact version.</summary>
/// <param name="Name">The chart's name in its repository.</param>
/// <param name="Repository">An https chart repository, or an <c>oci://</c> registry path.</param>
/// <param name="Version">The exact version.</param>
public sealed record ChartPin(string Name, string Repository, string Version);
