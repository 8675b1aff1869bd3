namespace InfraCdktf.Tests.Sandbox.Clouds.Helm;

/// <summary>The refusals of Helm.</summary>
[Trait("Level", "pure")]
public sealed class HelmCloudTests : CloudRefusals
{
    private const string Release = """
        {"name":"cm","namespace":"dev","chart":"cert-manager","repository":"https://charts.jetstack.io","version":"v1.21.1",
         "values":["{}"]}
        """;

    public HelmCloudTests(SandboxClouds clouds)
        : base(clouds)
    {
        Make("", "kubernetes_namespace_v1", """{"metadata":[{"name":"dev"}]}""");
    }

    [Fact]
    public void Helm_accepts_a_valid_release() => Assert.Null(Errors("helm_release", Release));

    [Fact]
    public void Helm_refuses_a_name_that_is_in_use()
    {
        Errors("helm_release", Release);
        Refuses("helm_release", "cannot re-use a name that is still in use", Release, []);
    }

    [Theory]
    [InlineData("namespaces \"none\" not found", "\"dev\"", "\"none\"")]
    [InlineData("Failed to parse values", "\"{}\"", "\"{a: [\"")]
    [InlineData("invalid release name", "\"cm\"", "\"Cert_Manager\"")]
    [InlineData("path \"./none\" not found", "\"cert-manager\",\"repository\":\"https://charts.jetstack.io\"", "\"./none\"")]
    [InlineData("Chart.yaml file is missing", "\"cert-manager\",\"repository\":\"https://charts.jetstack.io\"", "\"/tmp\"")]
    public void Helm_refuses_an_invalid_release(string message, params string[] replaced) =>
        Refuses("helm_release", message, Release, replaced);
}
