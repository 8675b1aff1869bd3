namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The tokens that the API server accepted a short time ago. It accepts them again without a check, so a token whose Secret or
/// account was deleted still works for a while. A use does not make the time longer, and refusals are not remembered
/// (kube-apiserver, cached_token_authenticator.go). One request at a time uses this: the account's lock is held.
/// </summary>
/// <param name="lifetime">How long an accepted token is remembered.</param>
internal sealed class AcceptedTokens(TimeSpan lifetime)
{
    private readonly Dictionary<string, (ApiUser User, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);

    /// <summary>The user of a token that is remembered; null for any other token.</summary>
    public ApiUser? Find(string token, DateTimeOffset now) =>
        _tokens.TryGetValue(token, out var accepted) && now < accepted.Until ? accepted.User : null;

    /// <summary>Remembers a token that was checked now.</summary>
    /// <returns>The user.</returns>
    public ApiUser Remember(string token, ApiUser user, DateTimeOffset now)
    {
        foreach (var ended in _tokens.Where(one => one.Value.Until <= now).Select(one => one.Key).ToList())
            _tokens.Remove(ended);
        _tokens[token] = (user, now + lifetime);
        return user;
    }
}
