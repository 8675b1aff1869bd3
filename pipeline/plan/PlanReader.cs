using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Plan.Remarks;

namespace InfraCdktf.Pipeline.Plan;

/// <summary>Reads the planned change of one object from <c>terraform show -json</c>.</summary>
/// <param name="secrets">The secrets of the whole plan.</param>
internal sealed class PlanReader(PlanSecrets secrets)
{
    // What names an object of a provider or of Kubernetes.
    private static readonly string[] s_identity =
    [
        "label",
        "name",
        "namespace",
        "metadata.name",
        "metadata.namespace",
        "domain",
        "region",
        "chart",
        "ipv4",
        "type",
    ];

    /// <summary>The change; null if nothing happens to the object.</summary>
    /// <exception cref="PipelineException">Terraform plans an action that this program does not know.</exception>
    public PlannedChange? Read(JsonObject resource)
    {
        var address = secrets.Clean(resource["address"]!.GetValue<string>());
        var change = resource["change"]!.AsObject();
        var previous = resource["previous_address"]?.GetValue<string>();
        return Actions(change) switch
        {
            ["no-op"] when change["importing"] is not null => new(address, PlannedAction.Import),
            ["no-op"] when previous is not null => new(address, PlannedAction.Move, $"was {secrets.Clean(previous)}"),
            ["no-op"] or ["read"] => null,
            ["create"] => Of(address, PlannedAction.Add, resource),
            ["update"] => Of(address, PlannedAction.Change, resource),
            ["delete"] => Of(address, PlannedAction.Destroy, resource),
            ["forget"] => Of(address, PlannedAction.Forget, resource),
            ["delete", "create"] or ["create", "delete"] => Of(address, PlannedAction.Replace, resource),
            var actions => throw new PipelineException(
                $"{address}: given the action {string.Join(", ", actions)}, which this program does not know; "
                    + "allowed: the actions of Terraform 1.11. Use Terraform 1.11, or extend PlanReader."
            ),
        };
    }

    /// <summary>The changes of outputs.</summary>
    public IReadOnlyList<AttributeChange> Outputs(JsonObject outputs) =>
        [
            .. outputs
                .Where(output => !Actions(output.Value!).SequenceEqual(["no-op"]))
                .Select(output => Output(secrets.Clean(output.Key), output.Value!.AsObject())),
        ];

    private AttributeChange Output(string name, JsonObject change)
    {
        var before = secrets.Mask(change["before"], change["before_sensitive"]);
        var after = secrets.Mask(change["after"], change["after_sensitive"], change["after_unknown"]);
        return Actions(change) switch
        {
            _ when PlanValue.IsUnknown(after) => new(name, AttributeAction.KnownAfterApply, null, null),
            ["create"] => new(name, AttributeAction.Added, null, PlanValue.Shown(after)),
            ["delete"] => new(name, AttributeAction.Removed, PlanValue.Shown(before), null),
            _ => new(name, AttributeAction.Changed, PlanValue.Shown(before), PlanValue.Shown(after)),
        };
    }

    private static string[] Actions(JsonNode change) =>
        [.. change["actions"]!.AsArray().Select(action => action!.GetValue<string>())];

    private PlannedChange Of(string address, PlannedAction action, JsonObject resource)
    {
        var change = resource["change"]!.AsObject();
        var type = resource["type"]!.GetValue<string>();
        var before = Masked(type, change["before"], change["before_sensitive"], null);
        var after = Masked(type, change["after"], change["after_sensitive"], change["after_unknown"]);
        if (action == PlannedAction.Destroy)
            after = null;
        IReadOnlyList<PlannedChange> objects =
            type == "helm_release" ? Objects(ReleaseObjects.Take(before), ReleaseObjects.Take(after)) : [];
        var read = Of(new(address, type, action, before, after));
        var note = Because(resource, change);
        var isOnlyNotation =
            action == PlannedAction.Change
            && objects.Count == 0
            && read.Attributes.All(attribute => attribute.Action == AttributeAction.KnownAfterApply);
        return read with
        {
            Note = isOnlyNotation ? "only how a value is written changes" : note,
            Objects = objects,
            Group = Worst(read.Group, objects),
        };
    }

    private static PlannedChange Of(ResourceChange change)
    {
        IReadOnlyList<PlanRemark> remarks = [.. PlanRemarks.Of(change)];
        var action = change.Action == PlannedAction.Change && NodePools.Replaces(change) ? PlannedAction.Replace : change.Action;
        var read = new PlannedChange(change.Address, action)
        {
            Remarks = remarks,
            Attributes = change.Action is PlannedAction.Destroy or PlannedAction.Forget
                ? Identity(change.Before)
                : AttributeChanges.Of(change),
        };
        return read with
        {
            Group =
                read.DestroysSomething ? ChangeGroup.Destroys
                : SecurityKinds.Has(change) || remarks.Any(remark => remark.Kind == RemarkKind.Security) ? ChangeGroup.Security
                : ChangeGroup.Others,
        };
    }

    private static ChangeGroup Worst(ChangeGroup own, IReadOnlyList<PlannedChange> objects) =>
        objects.Select(one => one.Group).Append(own).Min();

    private static IReadOnlyList<PlannedChange> Objects(
        IReadOnlyDictionary<string, JsonObject> before,
        IReadOnlyDictionary<string, JsonObject> after
    ) =>
        [
            .. from title in before.Keys.Union(after.Keys)
            let was = before.GetValueOrDefault(title)
            let wanted = after.GetValueOrDefault(title)
            where !JsonNode.DeepEquals(was, wanted)
            let change = Of(
                new(
                    title,
                    (wanted ?? was)!["kind"]!.ToString(),
                    was is null ? PlannedAction.Add
                        : wanted is null ? PlannedAction.Destroy
                        : PlannedAction.Change,
                    was,
                    wanted
                )
            )
            orderby change.Group, change.Address
            select change,
        ];

    private JsonObject? Masked(string type, JsonNode? value, JsonNode? sensitive, JsonNode? unknown)
    {
        var fields = value as JsonObject;
        if (type == "helm_release")
            fields = ReleaseObjects.Unfold(fields);
        return secrets.Mask(fields, sensitive, unknown) as JsonObject;
    }

    // Why Terraform replaces or destroys it; the reasons are from its documentation of the JSON output.
    private string? Because(JsonObject resource, JsonObject change) =>
        resource["action_reason"]?.GetValue<string>() switch
        {
            "replace_because_tainted" => "it is tainted: its creation was interrupted",
            "replace_because_cannot_update" => $"cannot be changed in place: {Paths(change["replace_paths"])}",
            "replace_by_request" or "replace_by_triggers" => "the replacement was requested",
            _ when resource["deposed"] is not null => "the older object of a replacement that was not finished",
            _ => null,
        };

    private string Paths(JsonNode? paths) =>
        string.Join(
            ", ",
            (paths as JsonArray ?? [])
                .Select(path =>
                    string.Join('.', (path as JsonArray ?? []).Where(step => step is JsonValue).Select(step => step!.ToString()))
                )
                .Select(path => path.Replace(".0", "", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Select(secrets.Clean)
        );

    private static IReadOnlyList<AttributeChange> Identity(JsonObject? value) =>
        [
            .. AttributeChanges
                .Leaves(value)
                .Where(leaf => s_identity.Contains(leaf.Path, StringComparer.Ordinal))
                .Select(leaf => new AttributeChange(leaf.Path, AttributeAction.Removed, leaf.After, null)),
        ];
}
