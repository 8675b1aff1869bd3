namespace InfraCdktf.Environments.Model;

/// <summary>Who is told about the platform itself.</summary>
/// <param name="Team">E-mail address of the platform team; also the account e-mail of the certificate authority.</param>
/// <param name="Security">E-mail address for security findings.</param>
/// <param name="Channel">The platform's chat channel, with its leading '#'.</param>
public sealed record Contacts(string Team, string Security, string Channel);
