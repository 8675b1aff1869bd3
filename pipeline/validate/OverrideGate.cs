using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Validate;

/// <summary>What the clock says to the recorded overrides, asked before anything is planned or deployed.</summary>
public static class OverrideGate
{
    /// <summary>Reviews the overrides for today (UTC), and announces those that end soon.</summary>
    public static OverrideReview Review(Workspace workspace, CommandOutput output)
    {
        var review = OverrideReview.Of(workspace.Platform, DateOnly.FromDateTime(workspace.Time.GetUtcNow().UtcDateTime));
        foreach (var announcement in review.Announcements)
            output.Line(announcement);
        return review;
    }

    /// <summary>The same, and lets nothing pass that may not be deployed today, nor an inventory that may never be.</summary>
    /// <exception cref="InventoryException">Every problem, at once.</exception>
    public static void Require(Workspace workspace, CommandOutput output)
    {
        if (Review(workspace, output).Problems is { Count: > 0 } problems)
            throw new InventoryException([.. InventoryCheck.Problems(workspace.Platform), .. problems]);
    }
}
