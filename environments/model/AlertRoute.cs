namespace InfraCdktf.Environments.Model;

/// <summary>Where alerts of the environment go.</summary>
/// <param name="Channel">The chat channel, with its leading '#'.</param>
/// <param name="Severities">Which severities; together the routes must cover critical and warning.</param>
public sealed record AlertRoute(string Channel, IReadOnlyList<Severity> Severities);
