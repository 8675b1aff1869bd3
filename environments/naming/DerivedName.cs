namespace InfraCdktf.Environments.Naming;

/// <summary>A name that the inventory gives rise to.</summary>
/// <param name="Kind">What it names, and how long such a name may be.</param>
/// <param name="Place">The place in the inventory that makes it.</param>
/// <param name="Text">The name.</param>
public sealed record DerivedName(NameKind Kind, string Place, string Text);
