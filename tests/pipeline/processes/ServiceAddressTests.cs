using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.Processes;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Tests.Pipeline.Processes;

/// <summary>Credentials go to https addresses, or to this machine.</summary>
[Trait("Level", "pure")]
public sealed class ServiceAddressTests
{
    [Theory]
    [InlineData("https://api.linode.com")]
    [InlineData("http://127.0.0.1:8000/")]
    [InlineData("http://localhost:8000")]
    [InlineData("http://[::1]:8000")]
    public void Address_with_TLS_or_on_this_machine_is_accepted(string address) =>
        Assert.Equal(new(address), ServiceAddress.Of("LINODE_URL", address));

    [Theory]
    [InlineData("http://api.linode.com")]
    [InlineData("http://10.0.0.1:8000")]
    [InlineData("http://localhost.example.com")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("api.linode.com")]
    public void Address_without_TLS_is_refused(string address)
    {
        Dictionary<string, string> environment = new() { [LinodeUrl.Variable] = address, ["LINODE_TOKEN"] = "secret" };

        var error = Assert.Throws<PipelineException>(() => new LinodeApi(environment, TimeProvider.System));

        Assert.Equal(
            $"LINODE_URL: given {address}; allowed: an https address, or http on this machine (127.0.0.1, localhost). "
                + "Credentials would cross the network in clear. Correct the address.",
            error.Message
        );
    }

    [Fact]
    public void Bucket_without_TLS_is_refused()
    {
        var error = Assert.Throws<PipelineException>(() =>
            new Bucket(new("states", "us-ord", new("http://s3.example.com")), new("key", "secret"))
        );

        Assert.StartsWith("bucket states: given http://s3.example.com/; allowed: an https address", error.Message);
    }
}
