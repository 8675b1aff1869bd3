namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>
/// The images of the platform's own workloads, each with its digest: a tag can be moved. Images of charts come with their charts.
/// The digest of a tag: <c>docker buildx imagetools inspect docker.io/library/busybox:1.37.0-musl</c> prints it as "Digest".
/// </summary>
public static class Images
{
    /// <summary>
    /// Shell, nc and httpd in 2 MB. It is built on musl, whose resolver uses the pod's search domains: the host names of the
    /// isolation probe need them. The digest is that of the index of all platforms, from the record of Docker's official images
    /// (docker-library/repo-info, 2026-07-31); it was not pulled by us.
    /// </summary>
    public const string Busybox =
        "docker.io/library/busybox:1.37.0-musl@sha256:1256f55742579badea94e3e2f574fc90021120f6c1aa01c87182566dfb950c39";

    /// <summary>All of them. Every environment may run them, whatever its registries.</summary>
    public static IReadOnlyList<string> All { get; } = [Busybox];
}
