using System.Globalization;

namespace InfraCdktf.Pipeline.Helm;

/// <summary>A release whose last operation was interrupted. Helm refuses every further operation on it.</summary>
/// <param name="Address">Its address in the configuration.</param>
/// <param name="Record">The record of the revision that was interrupted.</param>
/// <param name="Deployed">The revision that is deployed; null if recovery removes the release: it was never installed.</param>
public sealed record StuckRelease(string Address, ReleaseRecord Record, int? Deployed)
{
    /// <summary>True if recovery removes it.</summary>
    public bool IsRemoved => Deployed is null;

    /// <summary>What is wrong with it, without a full stop.</summary>
    public string Fact =>
        $"release {Record.Namespace}/{Record.Release} ({Address}) has the status {Record.Status} in revision {Record.Revision} "
        + string.Create(CultureInfo.InvariantCulture, $"since {Record.Began:u}");

    /// <summary>What recovery did, one sentence.</summary>
    public string Done =>
        IsRemoved
            ? $"release {Record.Namespace}/{Record.Release} "
                + (Record.Status == "uninstalling" ? "was being removed" : $"was never installed ({Record.Status})")
                + $": removed {Record.Manifests.Count} object(s) of it and its record. The next deploy installs it."
            : $"release {Record.Namespace}/{Record.Release}: its upgrade to revision {Record.Revision} was interrupted "
                + $"({Record.Status}): marked as failed. Revision {Deployed} stays the deployed one, and the next "
                + "deploy upgrades it again.";
}
