using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Clouds;

/// <summary>The result of an apply.</summary>
internal sealed record Applied(string Id, MapValue State, ProviderException? Late);

/// <summary>Plans, creates, changes, deletes and reads the objects of one cloud in one account.</summary>
internal sealed class Resources(Cloud cloud, Account account, Caller caller)
{
    public PlannedChange Plan(string type, MapValue config, MapValue? prior, MapValue proposed)
    {
        var planner = new Planner(
            cloud.Schema.Resources[type],
            cloud.Facts.Resource(type),
            (path, before, after) => cloud.Equivalent(type, path, before, after)
        );
        return cloud.Plan(type, config, prior, planner.Plan(config, prior, proposed));
    }

    /// <summary>Reads what a create or update needs from the directory of the calling Terraform, while it runs.</summary>
    public void Prepare(MapValue planned) => cloud.Prepare(Json(planned), caller);

    public Applied Create(string type, MapValue config, MapValue planned) =>
        account.Change(t =>
        {
            cloud.Connect(caller.Settings);
            var json = Json(planned);
            var name = cloud.NameOf(type, json);
            var id = cloud.IdFor(t, type, json);
            var item = new NewObject(type, id, $"{type}/{name}/{t.Created(type, name)}", json, Json(config), caller, t);
            var filled = new Answer(cloud.Schema.Resources[type].Body, a => Compute(a, item, null)).Fill(planned);
            var kept = cloud.Create(t, item, Json(filled));
            Put(t, type, id, kept, config);
            return new Applied(id, State(type, filled, kept), item.Late);
        });

    public Applied Update(string type, string id, MapValue config, MapValue planned) =>
        account.Change(t =>
        {
            cloud.Connect(caller.Settings);
            var before =
                t.Find(type, id)
                ?? throw new ProviderException("[404] Not found", $"{type} {id} was deleted outside of Terraform.");
            var item = new NewObject(type, id, $"{type}/{before.Name}/{id}", Json(planned), Json(config), caller, t);
            var filled = new Answer(cloud.Schema.Resources[type].Body, a => Compute(a, item, before)).Fill(planned);
            var kept = cloud.Update(t, before, item, Json(filled));
            Put(t, type, id, kept, config);
            return new Applied(id, State(type, filled, kept), item.Late);
        });

    /// <summary>
    /// Leaves what a create or update leaves whose provider ends in the middle, where the provider itself does the work.
    /// </summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">The object's key; null for a create.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="planned">The plan.</param>
    public void Interrupt(string type, string? id, MapValue config, MapValue planned)
    {
        if (!cloud.LeavesTraces(type))
            return;
        var isNew = id is null;
        id ??= Create(type, config, planned).Id;
        account.Change(t =>
        {
            if (t.Find(type, id) is { } item)
                t.Put(item with { Attributes = cloud.Interrupted(item.Attributes.DeepClone().AsObject(), isNew) });
            return true;
        });
    }

    /// <summary>Deletes an object. A deletion of a missing object succeeds, as with the real providers.</summary>
    public void Delete(string type, string id) =>
        account.Change(t =>
        {
            cloud.Connect(caller.Settings);
            if (t.Find(type, id) is { } item)
                cloud.Delete(t, item);
            return true;
        });

    /// <summary>The object's state; null if the object does not exist.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">The object's key.</param>
    /// <param name="state">The current state; null during an import.</param>
    public MapValue? Read(string type, string id, MapValue? state)
    {
        cloud.Connect(caller.Settings);
        if (account.Find(type, id) is not { } item)
            return null;
        var read = cloud.Read(type, item.Attributes.DeepClone().AsObject(), state is null ? null : Json(state));
        return (MapValue?)JsonValues.FromJson(read, cloud.Schema.Resources[type].Body.Type);
    }

    public MapValue ReadData(string type, MapValue config)
    {
        cloud.Connect(caller.Settings);
        var body = cloud.Schema.DataSources[type].Body;
        var found = (MapValue)JsonValues.FromJson(account.Read(index => cloud.ReadData(index, type, Json(config))), body.Type)!;
        // Configured values are kept and the answer fills the others. A block may hold both kinds of values: there the answer
        // repeats the configured ones.
        return new MapValue(
            body.Type.Attributes.Keys.ToDictionary(
                name => name,
                name =>
                    body.Attributes.GetValueOrDefault(name) is { Computed: false } ? config[name] : found[name] ?? config[name]
            )
        );
    }

    /// <summary>
    /// SDK resources report the stored values. Resources of the newer framework must report the planned values.
    /// </summary>
    private MapValue State(string type, MapValue filled, JsonObject kept) =>
        cloud.Schema.Resources[type].Legacy
            ? (MapValue)JsonValues.FromJson(kept, cloud.Schema.Resources[type].Body.Type)!
            : filled;

    private void Put(Transaction t, string type, string id, JsonObject attributes, MapValue config) =>
        t.Put(
            new AccountObject
            {
                Provider = cloud.Name,
                Type = type,
                Id = id,
                Name = cloud.NameOf(type, attributes),
                Created = t.Find(type, id)?.Created ?? t.Now,
                Attributes = attributes,
                Configured = Json(WithoutSecrets(cloud.Schema.Resources[type].Body, config)),
            }
        );

    private Value? Compute(ComputedAttribute attribute, NewObject item, AccountObject? before)
    {
        var type = attribute.Schema.Type;
        if (before?.Attributes.At(attribute.Place) is { } existing)
            return JsonValues.FromJson(existing, type);
        if (cloud.TryCompute(attribute, item, out var value))
            return JsonValues.FromJson(value, type);
        if (attribute.Path == "id")
            return item.Id;
        // An optional attribute that is not set has no value, unless a rule says that the cloud chooses one.
        return attribute.Schema.Optional ? null : JsonValues.FromJson(Synthetic.Of(type, item.Seed, attribute.Place), type);
    }

    /// <summary>The configuration without write-only arguments, which are never stored.</summary>
    private static MapValue WithoutSecrets(BodySchema body, MapValue config) =>
        new(config.Fields.Where(f => body.Attributes.GetValueOrDefault(f.Key) is not { WriteOnly: true }).ToDictionary());

    private static JsonObject Json(MapValue value) => JsonValues.ToJson(value)!.AsObject();
}
