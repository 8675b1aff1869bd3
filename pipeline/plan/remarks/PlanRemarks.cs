namespace InfraCdktf.Pipeline.Plan.Remarks;

/// <summary>A rule that finds what a reviewer must not miss in the change of one object.</summary>
internal interface IRemarkRule
{
    /// <summary>The remarks about a change; none if it is not about what the rule knows.</summary>
    IEnumerable<PlanRemark> Look(ResourceChange change);
}

/// <summary>All rules.</summary>
internal static class PlanRemarks
{
    private static readonly IReadOnlyList<IRemarkRule> s_rules =
    [
        new NodePools(),
        new Removals(),
        new HostNames(),
        new Databases(),
        new Versions(),
        new AllowLists(),
        new Connections(),
        new Rights(),
        new Protections(),
        new Quotas(),
        new Observability(),
    ];

    /// <summary>The remarks about a change: what destroys first.</summary>
    public static IEnumerable<PlanRemark> Of(ResourceChange change) =>
        s_rules.SelectMany(rule => rule.Look(change)).OrderBy(remark => remark.Kind);
}
