using System.Globalization;
using Constructs;
using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Kubernetes.ConfigMapV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ServiceV1;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Data;

/// <summary>Input of <see cref="DataStoreEndpoint"/>.</summary>
public sealed record DataStoreEndpointProps
{
    /// <summary>The namespace named after the environment.</summary>
    public required string Namespace { get; init; }

    /// <summary>Labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The database's host, known once <c>core</c> is applied.</summary>
    public required string Host { get; init; }

    /// <summary>The database's port, known once <c>core</c> is applied.</summary>
    public required string Port { get; init; }

    /// <summary>The data store; the discovery ConfigMap shows its version.</summary>
    public required DataStore DataStore { get; init; }

    /// <summary>The bindings that let the pipeline write ConfigMaps (<c>EnvironmentNamespace.ConfigMapRights</c>).</summary>
    public IReadOnlyList<ITerraformDependable> ConfigMapRights { get; init; } = [];
}

/// <summary>
/// The address of an environment's data store for its services: a name inside the cluster that does not change when the database
/// is moved or restored, and a ConfigMap with port, TLS mode and version. Credentials are not here; they are a Secret of the
/// environment.
/// </summary>
public sealed class DataStoreEndpoint : Construct
{
    /// <summary>The name of the Service and of the ConfigMap.</summary>
    public const string Name = "datastore";

    /// <summary>Creates the name and the discovery ConfigMap.</summary>
    public DataStoreEndpoint(Construct scope, string id, DataStoreEndpointProps props)
        : base(scope, id)
    {
        var labels = props.Labels.ToDictionary();
        _ = new ServiceV1(
            this,
            "service",
            new ServiceV1Config
            {
                Metadata = new ServiceV1Metadata
                {
                    Name = Name,
                    Namespace = props.Namespace,
                    Labels = labels,
                },
                Spec = new ServiceV1Spec { Type = "ExternalName", ExternalName = props.Host },
            }
        );
        _ = new ConfigMapV1(
            this,
            "discovery",
            new ConfigMapV1Config
            {
                Metadata = new ConfigMapV1Metadata
                {
                    Name = Name,
                    Namespace = props.Namespace,
                    Labels = labels,
                },
                Data = new Dictionary<string, string>
                {
                    ["host"] = props.Host,
                    ["port"] = props.Port,
                    ["sslmode"] = "require",
                    ["version"] = props.DataStore.PostgresVersion.ToString(CultureInfo.InvariantCulture),
                },
                DependsOn = props.ConfigMapRights.Count > 0 ? [.. props.ConfigMapRights] : null,
            }
        );
    }
}
