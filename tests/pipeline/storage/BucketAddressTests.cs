using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Storage;

/// <summary>Archive and lock are in the store that Terraform's backend uses.</summary>
[Trait("Level", "pure")]
public sealed class BucketAddressTests
{
    private static readonly string s_backend = StateAddress.Of(Inventory.Platform, StackNames.State).Endpoint;

    [Fact]
    public void Buckets_are_at_the_endpoint_of_the_backend()
    {
        Assert.Equal(new(s_backend), Live([]).Endpoint);
        Assert.Equal(new(s_backend), Live(new() { [BucketAddress.EndpointVariable] = "" }).Endpoint);
        Assert.Equal(new(s_backend), Live(new() { [BucketAddress.EndpointVariable] = $"{s_backend}/" }).Endpoint);
    }

    [Theory]
    [InlineData("https://s3.example.com")]
    [InlineData("http://us-ord-10.linodeobjects.com")]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("not an address")]
    public void Another_endpoint_than_the_backends_is_refused(string endpoint)
    {
        var error = Assert.Throws<PipelineException>(() => Live(new() { [BucketAddress.EndpointVariable] = endpoint }));

        Assert.Equal(
            $"AWS_ENDPOINT_URL_S3: given {endpoint}; allowed: {s_backend}/, the endpoint of Terraform's backend. Archive and "
                + "lock would be in another store than the state. Run \"unset AWS_ENDPOINT_URL_S3\", then the command again. For "
                + "a store on this machine, set TF_CLI_ARGS_init too, as the sandbox does.",
            error.Message
        );
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000/", "http://127.0.0.1:9000/", true)]
    [InlineData("http://[::1]:9000", "http://[::1]:9000", true)]
    [InlineData("http://127.0.0.1:9000/", "http://127.0.0.1:9001/", false)]
    [InlineData("https://s3.example.com", "https://s3.example.com", false)]
    public void Endpoint_on_this_machine_needs_a_redirected_backend(string endpoint, string backend, bool allowed)
    {
        var environment = new Dictionary<string, string>
        {
            [BucketAddress.EndpointVariable] = endpoint,
            [BucketAddress.RedirectVariable] = BucketAddress.Redirect(backend),
        };

        Assert.Equal(allowed, BucketAddress.IsRedirected(environment));
        if (allowed)
            Assert.Equal(new(endpoint), Live(environment).Endpoint);
        else
            Assert.Throws<PipelineException>(() => Live(environment));
    }

    private static BucketAddress Live(Dictionary<string, string> environment) =>
        BucketAddress.Live(Inventory.Platform, environment);
}
