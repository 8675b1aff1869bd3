namespace InfraCdktf.Environments;

/// <summary>Paths of values in the inventory, as problems name them: "applications[staging].dataStore.subnet".</summary>
public static class Place
{
    /// <summary>Every environment with its place: "system", "applications[staging]".</summary>
    public static IEnumerable<(Environment Environment, string Place)> Environments(Platform platform) =>
        Applications(platform).Prepend((platform.System, "system"));

    /// <summary>The place of an override: "overrides[report-import]".</summary>
    public static string Of(NetworkOverride one) => $"overrides[{one.Name}]";

    /// <summary>The application environments with their places.</summary>
    public static IEnumerable<(Environment Environment, string Place)> Applications(Platform platform) =>
        platform.Applications.Select(environment => (environment, $"applications[{environment.Name}]"));
}
