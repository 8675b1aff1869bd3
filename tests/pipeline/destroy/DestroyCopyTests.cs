using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Destroy;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Destroy;

[Trait("Level", "pure")]
public sealed class DestroyCopyTests
{
    [Fact]
    public void Override_contains_only_protected_resources()
    {
        var configuration = Parse(
            """
            {"resource":{
              "linode_vpc":{"a":{"label":"a","lifecycle":{"prevent_destroy":true}},"b":{"label":"b"}},
              "linode_firewall":{"c":{"lifecycle":{"prevent_destroy":false}}},
              "linode_domain":{"d":{"lifecycle":[{"prevent_destroy":true}]}}}}
            """
        );

        Assert.Equal(
            """{"resource":{"linode_vpc":{"a":{"lifecycle":{"prevent_destroy":false}}},"linode_domain":"""
                + """{"d":{"lifecycle":{"prevent_destroy":false}}}}}""",
            DestroyCopy.Override(configuration)!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"resource":{"linode_vpc":{"a":{"label":"a"}}}}""")]
    public void Override_is_null_without_protected_resources(string configuration) =>
        Assert.Null(DestroyCopy.Override(Parse(configuration)));

    [Fact]
    public void DestroyCopy_omits_terraform_data_and_is_deleted_after_use()
    {
        using var directory = new TemporaryDirectory();
        var configuration = """{"resource":{"linode_vpc":{"a":{"lifecycle":{"prevent_destroy":true}}}}}""";
        var original = Directory.CreateDirectory(Path.Combine(directory.Path, "stacks", "core")).FullName;
        File.WriteAllText(Path.Combine(original, "cdk.tf.json"), configuration);
        Directory.CreateDirectory(Path.Combine(original, "assets", "chart"));
        File.WriteAllText(Path.Combine(original, "assets", "chart", "Chart.yaml"), "name: chart");
        Directory.CreateDirectory(Path.Combine(original, ".terraform"));
        File.WriteAllText(Path.Combine(original, ".terraform", "provider"), "large");

        string path;
        using (var copy = DestroyCopy.Of(StackDirectory.Read(directory.Path, "core")))
        {
            path = copy.Stack.Path;
            Assert.Equal(
                ["assets/chart/Chart.yaml", "cdk.tf.json", "zz_override.tf.json"],
                Directory
                    .EnumerateFiles(path, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(path, file))
                    .Order(StringComparer.Ordinal)
            );
            Assert.Equal(configuration, File.ReadAllText(Path.Combine(path, "cdk.tf.json")));
        }

        Assert.False(Directory.Exists(path));
        Assert.False(File.Exists(Path.Combine(original, "zz_override.tf.json")));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
