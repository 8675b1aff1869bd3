using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Storage;

/// <summary>Where a bucket is.</summary>
/// <param name="Name">The bucket.</param>
/// <param name="Region">The region that signatures name.</param>
/// <param name="Endpoint">The S3 endpoint: https, or http on loopback.</param>
public sealed record BucketAddress(string Name, string Region, Uri Endpoint)
{
    /// <summary>
    /// The variable that redirects the S3 calls of this program to another endpoint. AWS's own tools read it too, so a caller may
    /// have set it for another store. The sandbox sets it together with <see cref="RedirectVariable"/>.
    /// </summary>
    public const string EndpointVariable = "AWS_ENDPOINT_URL_S3";

    /// <summary>The variable that redirects Terraform's backend: arguments of <c>terraform init</c>.</summary>
    public const string RedirectVariable = "TF_CLI_ARGS_init";

    /// <summary>The value of <see cref="RedirectVariable"/> that redirects the backend to an endpoint.</summary>
    /// <param name="endpoint">The value of <see cref="EndpointVariable"/>.</param>
    // Terraform splits the value like a shell: the single quotes keep the inner double quotes.
    public static string Redirect(string endpoint) => $"'-backend-config=endpoints={{s3=\"{endpoint}\"}}'";

    /// <summary>True if this program and Terraform's backend are both redirected to one store on this machine.</summary>
    /// <param name="environment">The caller's environment.</param>
    public static bool IsRedirected(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault(EndpointVariable) is { Length: > 0 } endpoint
        && Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
        && address.IsLoopback
        && environment.GetValueOrDefault(RedirectVariable) == Redirect(endpoint);

    /// <summary>The bucket of the live state, as the synthesized backends name it.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="environment">The caller's environment; <see cref="EndpointVariable"/> is read.</param>
    /// <exception cref="PipelineException">The environment names another endpoint than the backends.</exception>
    public static BucketAddress Live(PlatformSpec platform, IReadOnlyDictionary<string, string> environment)
    {
        var address = StateAddress.Of(platform, StackNames.State);
        return new(address.Bucket, address.Region, EndpointOf(new(address.Endpoint), environment));
    }

    /// <summary>The bucket of the archive, in the same region at the same endpoint.</summary>
    public static BucketAddress Archive(PlatformSpec platform, IReadOnlyDictionary<string, string> environment) =>
        Live(platform, environment) with
        {
            Name = platform.State.ArchiveBucket,
        };

    /// <summary>
    /// Requires that a stack's backend is where the inventory has the stack's state. An older synthesis, or a version of the
    /// archive, may have another one; lock, archive and all checks would then be about another state than Terraform's.
    /// </summary>
    /// <exception cref="PipelineException">It is elsewhere.</exception>
    public static void RequireBackend(PlatformSpec platform, StackDirectory stack)
    {
        // TerraformCli refuses a backend of another type.
        if (stack.Configuration["terraform"]?["backend"]?["s3"] is not { } backend)
            return;
        var address = StateAddress.Of(platform, stack.Name);
        foreach (
            var (name, given, allowed) in new[]
            {
                ("bucket", backend["bucket"], address.Bucket),
                ("key", backend["key"], address.Key),
                ("endpoints.s3", backend["endpoints"]?["s3"], address.Endpoint),
            }
        )
        {
            if (given?.ToString() == allowed)
                continue;
            throw new PipelineException(
                $"stack {stack.Name}: {name} of the backend in {Path.Combine(stack.Path, StackDirectory.FileName)}: given "
                    + $"{given?.ToJsonString() ?? "nothing"}; allowed: {allowed}, where the inventory has the state. Run "
                    + "\"synth\", or omit --skip-synth; for a rollback, name another version."
            );
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"bucket {Name} at {Endpoint}";

    private static Uri EndpointOf(Uri backend, IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(EndpointVariable) is not { Length: > 0 } given)
            return backend;
        if (Uri.TryCreate(given, UriKind.Absolute, out var endpoint) && (endpoint == backend || IsRedirected(environment)))
            return endpoint;
        throw new PipelineException(
            $"{EndpointVariable}: given {given}; allowed: {backend}, the endpoint of Terraform's backend. Archive and lock would "
                + $"be in another store than the state. Run \"unset {EndpointVariable}\", then the command again. For a store on "
                + $"this machine, set {RedirectVariable} too, as the sandbox does."
        );
    }
}
