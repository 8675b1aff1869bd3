using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Naming;

/// <summary>
/// The names of the outputs of <c>core</c> that other stacks need. The pipeline passes the values to them as variables of the
/// same names.
/// </summary>
public static class CoreOutputs
{
    /// <summary>The host of an environment's database.</summary>
    public static string DataStoreHost(EnvironmentSpec environment) => $"{Underscored(environment)}_datastore_host";

    /// <summary>The port of an environment's database.</summary>
    public static string DataStorePort(EnvironmentSpec environment) => $"{Underscored(environment)}_datastore_port";

    private static string Underscored(EnvironmentSpec environment) => environment.Name.Text.Replace('-', '_');
}
