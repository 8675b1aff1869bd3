namespace InfraCdktf.Environments.Model;

/// <summary>The contacts of the platform team.</summary>
/// <param name="Team">
/// E-mail address of the team; also the account e-mail of the certificate authority and the contact of the DNS zone.
/// </param>
/// <param name="Channel">The team's chat channel, with its leading '#'. It receives the alerts of the platform.</param>
public sealed record Contacts(string Team, string Channel);
