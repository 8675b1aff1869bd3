using System.Globalization;
using InfraCdktf.Constructs.Data;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Data;

/// <summary>The address of the data store in each application environment.</summary>
[Trait("Level", "synthesized")]
public sealed class DataStoreEndpointTests(SynthesizedPlatform platform)
{
    /// <summary>The environments that have a data store.</summary>
    public static TheoryData<string> Environments =>
        [
            .. Inventory
                .Platform.Applications.Where(environment => environment.DataStore is not null)
                .Select(environment => environment.Name.Text),
        ];

    [Theory]
    [MemberData(nameof(Environments))]
    public void Service_is_an_external_name_for_the_host_of_core(string environment)
    {
        var service = Find(environment, "kubernetes_service_v1");

        Assert.Equal(
            $$"""{"external_name":"${var.{{Host(environment)}}}","type":"ExternalName"}""",
            service.Body["spec"]!.ToJsonString()
        );
        Assert.Contains(".main_namespace.", service.Namespace, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void ConfigMap_has_host_port_TLS_mode_and_version(string environment)
    {
        var spec = Inventory.Platform.Applications.Single(application => application.Name.Text == environment);

        var data = Find(environment, "kubernetes_config_map_v1").Body["data"]!.AsObject();

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["host"] = $"${{var.{Host(environment)}}}",
                ["port"] = $"${{tostring(var.{CoreOutputs.DataStorePort(spec)})}}",
                ["sslmode"] = "require",
                ["version"] = spec.DataStore!.PostgresVersion.ToString(CultureInfo.InvariantCulture),
            },
            data.ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>())
        );
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public void Host_and_port_are_outputs_of_core(string environment)
    {
        var spec = Inventory.Platform.Applications.Single(application => application.Name.Text == environment);
        var outputs = platform.Shipped.Stacks["core"].Json["output"]!.AsObject();

        Assert.Contains(CoreOutputs.DataStoreHost(spec), outputs);
        Assert.Contains(CoreOutputs.DataStorePort(spec), outputs);
    }

    [Fact]
    public void Environment_without_a_data_store_has_no_endpoint() =>
        Assert.DoesNotContain(
            platform.Standard.Resources,
            resource => resource.Metadata?["name"]?.GetValue<string>() == DataStoreEndpoint.Name
        );

    private static string Host(string environment) =>
        CoreOutputs.DataStoreHost(Inventory.Platform.Applications.Single(application => application.Name.Text == environment));

    private SynthesizedResource Find(string environment, string type) =>
        platform
            .Shipped.Stacks[environment]
            .Of(type)
            .Single(resource => resource.Metadata!["name"]!.GetValue<string>() == DataStoreEndpoint.Name);
}
