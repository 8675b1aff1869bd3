namespace InfraCdktf.Environments.Model;

/// <summary>An admission rule that does not refuse in an environment.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Mode">The effect of a violation instead.</param>
/// <param name="Reason">
/// The reason. For a rule that warns it is an annotation of the policy's binding; <c>validate</c> prints it.
/// </param>
public sealed record AdmissionException(WorkloadRule Rule, EnforcementMode Mode, string Reason);
