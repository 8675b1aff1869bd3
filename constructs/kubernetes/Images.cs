namespace InfraCdktf.Constructs.Kubernetes;

/// <summary>The images that the platform's own objects run; those of charts come with their charts.</summary>
public static class Images
{
    /// <summary>Shell, nc and httpd in 2 MB. Built on musl, whose resolver asks the pod's search domains as the probe's host names need it.</summary>
    public const string Busybox = "docker.io/library/busybox:1.37.0-musl";
}
