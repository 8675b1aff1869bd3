using InfraCdktf.Environments.Validation;
using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Validate;

/// <summary>Checks the dates of the recorded overrides before a plan or a deploy.</summary>
public static class OverrideGate
{
    /// <summary>Reviews the overrides for today (UTC), and announces overrides that expire soon.</summary>
    public static OverrideReview Review(Workspace workspace, CommandOutput output)
    {
        var review = OverrideReview.Of(workspace.Platform, DateOnly.FromDateTime(workspace.Time.GetUtcNow().UtcDateTime));
        foreach (var announcement in review.Announcements)
            output.Line(announcement);
        return review;
    }

    /// <summary>The same; fails if an override may not be deployed today or the inventory is not valid.</summary>
    /// <exception cref="InventoryException">Lists every problem.</exception>
    public static void Require(Workspace workspace, CommandOutput output)
    {
        if (Review(workspace, output).Problems is { Count: > 0 } problems)
            throw new InventoryException([
                .. InventoryCheck.Problems(workspace.Platform, workspace.SharedServices(workspace.Platform)),
                .. problems,
            ]);
    }
}
