using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>The planned action on one object.</summary>
public enum PlannedAction
{
    /// <summary>The object is created.</summary>
    Add,

    /// <summary>The object is changed in place.</summary>
    Change,

    /// <summary>The object is destroyed and created again; its data is lost.</summary>
    Replace,

    /// <summary>The object is destroyed.</summary>
    Destroy,

    /// <summary>Terraform stops managing the object; the object stays.</summary>
    Forget,

    /// <summary>Terraform starts managing the object; the object does not change.</summary>
    Import,

    /// <summary>The object gets another address in the state; the object does not change.</summary>
    Move,
}

/// <summary>The part of a plan that a change is shown in, in this order.</summary>
public enum ChangeGroup
{
    /// <summary>Something is destroyed or replaced: an object, or a part of one, such as a node pool.</summary>
    Destroys,

    /// <summary>Who may do what, and which connections are allowed.</summary>
    Security,

    /// <summary>Everything else.</summary>
    Others,
}

/// <summary>One object of a plan.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Action">The planned action.</param>
/// <param name="Note">A fact that Terraform's plan does not show; usually null.</param>
public sealed record PlannedChange(string Address, PlannedAction Action, string? Note = null)
{
    /// <summary>The part of the plan that it is shown in.</summary>
    public ChangeGroup Group { get; init; } = ChangeGroup.Others;

    /// <summary>What a reviewer must not miss, in words.</summary>
    public IReadOnlyList<PlanRemark> Remarks { get; init; } = [];

    /// <summary>Its attributes that change; those that are set of a new object; those that name a destroyed one.</summary>
    public IReadOnlyList<AttributeChange> Attributes { get; init; } = [];

    /// <summary>The Kubernetes objects inside a Helm release that change.</summary>
    public IReadOnlyList<PlannedChange> Objects { get; init; } = [];

    /// <summary>True if the change, or one inside it, destroys something.</summary>
    [JsonIgnore]
    public bool DestroysSomething =>
        Action is PlannedAction.Destroy or PlannedAction.Replace
        || Remarks.Any(remark => remark.Kind == RemarkKind.Destroys)
        || Objects.Any(one => one.DestroysSomething);

    /// <summary>The same change without the values of attributes.</summary>
    public PlannedChange WithoutValues() =>
        this with
        {
            Remarks = [.. Remarks.Select(remark => remark with { Values = null })],
            Attributes = [.. Attributes.Select(attribute => attribute with { Before = null, After = null, HasValues = false })],
            Objects = [.. Objects.Select(one => one.WithoutValues())],
        };
}

/// <summary>What happens to an attribute.</summary>
public enum AttributeAction
{
    /// <summary>It has a value, and had none.</summary>
    Added,

    /// <summary>It had a value, and has none.</summary>
    Removed,

    /// <summary>It has another value.</summary>
    Changed,

    /// <summary>The same items of a list are in another order.</summary>
    Reordered,

    /// <summary>Its value is known only after the apply.</summary>
    KnownAfterApply,
}

/// <summary>One attribute of a planned change.</summary>
/// <param name="Path">Where it is in the object: <c>pool[build].type</c>.</param>
/// <param name="Action">What happens to it.</param>
/// <param name="Before">Its value before, without secrets: "(sensitive)" is in the place of each.</param>
/// <param name="After">Its value after.</param>
public sealed record AttributeChange(string Path, AttributeAction Action, JsonNode? Before, JsonNode? After)
{
    /// <summary>False if the values are left out.</summary>
    [JsonIgnore]
    public bool HasValues { get; init; } = true;
}

/// <summary>Why a remark stands out.</summary>
public enum RemarkKind
{
    /// <summary>Something is destroyed that the plan shows as a change.</summary>
    Destroys,

    /// <summary>More is allowed than before, or a protection ends.</summary>
    Security,

    /// <summary>Another fact that a reviewer must not miss.</summary>
    Fact,
}

/// <summary>What a reviewer must not miss in a change, in words.</summary>
/// <param name="Kind">Why it stands out.</param>
/// <param name="Text">One or two sentences, without values of attributes.</param>
/// <param name="Values">The values that it is about; null if there are none, or if they are left out.</param>
public sealed record PlanRemark(RemarkKind Kind, string Text, string? Values = null)
{
    /// <inheritdoc/>
    public override string ToString() => Values is null ? Text : $"{Text} ({Values})";
}
