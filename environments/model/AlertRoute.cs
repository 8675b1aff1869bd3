namespace InfraCdktf.Environments.Model;

/// <summary>A destination of the environment's alerts.</summary>
/// <param name="Channel">The chat channel, with its leading '#'.</param>
/// <param name="Severities">The severities that it receives; together the routes must cover critical and warning.</param>
public sealed record AlertRoute(string Channel, IReadOnlyList<Severity> Severities);
