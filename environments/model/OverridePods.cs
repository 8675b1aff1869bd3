namespace InfraCdktf.Environments.Model;

/// <summary>Pods at one end of an override.</summary>
/// <param name="Namespace">Their namespace.</param>
/// <param name="Pods">The labels that all of them have; at least one, so that it is never the whole namespace.</param>
public sealed record OverridePods(string Namespace, IReadOnlyDictionary<string, string> Pods);
