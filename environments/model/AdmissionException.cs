namespace InfraCdktf.Environments.Model;

/// <summary>A rule that does not refuse in an environment.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Mode">What it does instead.</param>
/// <param name="Reason">Why; where the rule warns, an annotation of its binding.</param>
public sealed record AdmissionException(WorkloadRule Rule, EnforcementMode Mode, string Reason);
