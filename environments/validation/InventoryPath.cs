using InfraCdktf.Environments.Model;

namespace InfraCdktf.Environments.Validation;

/// <summary>Paths of values in the inventory, as problems name them: "applications[staging].dataStore.subnet".</summary>
public static class InventoryPath
{
    /// <summary>Every environment with its place: "system", "applications[staging]".</summary>
    public static IEnumerable<(EnvironmentSpec Environment, string Place)> Environments(PlatformSpec platform) =>
        Applications(platform).Prepend((platform.System, "system"));

    /// <summary>The place of an override: "overrides[report-import]".</summary>
    public static string Of(NetworkOverride one) => $"overrides[{one.Name}]";

    /// <summary>The application environments with their places.</summary>
    public static IEnumerable<(EnvironmentSpec Environment, string Place)> Applications(PlatformSpec platform) =>
        platform.Applications.Select(environment => (environment, $"applications[{environment.Name}]"));
}
