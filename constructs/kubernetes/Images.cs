namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The images of the platform's own workloads. Images of charts come with their charts.</summary>
public static class Images
{
    /// <summary>
    /// Shell, nc and httpd in 2 MB. It is built on musl, whose resolver uses the pod's search domains: the host names of the
    /// isolation probe need them.
    /// </summary>
    public const string Busybox = "docker.io/library/busybox:1.37.0-musl";
}
