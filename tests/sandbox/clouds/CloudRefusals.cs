using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;
using InfraCdktf.Sandbox.Clouds;
using InfraCdktf.Sandbox.Values;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Clouds;

/// <summary>
/// The refusals of one cloud. Each case is a valid object and one change that makes it invalid. The tests run in process: the
/// code that answers Terraform, without Terraform.
/// </summary>
public abstract class CloudRefusals(SandboxClouds clouds) : IClassFixture<SandboxClouds>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private Account? _account;

    /// <summary>The account of the test.</summary>
    internal Account Account => _account ??= new Account(_directory.Path);

    /// <summary>The ids of the created objects by name.</summary>
    protected Dictionary<string, string> Ids { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Fails unless the object is refused with the message.</summary>
    protected void Refuses(string type, string message, string config, string[] replaced) =>
        Assert.Contains(message, Errors(type, Replace(config, replaced)) ?? "(nothing was refused)");

    /// <summary>Creates an object. Later configurations may name its id.</summary>
    protected void Make(string name, string type, string config)
    {
        var before = Account.Objects.Select(o => o.Key).ToHashSet();
        Assert.Null(Errors(type, Replace(config)));
        Ids[name] = Account.Objects.Single(o => !before.Contains(o.Key)).Id;
    }

    /// <summary>Replaces texts, and the names of objects by their ids.</summary>
    protected string Replace(string config, params string[] pairs)
    {
        for (var i = 0; i < pairs.Length; i += 2)
            config = config.Replace(pairs[i], pairs[i + 1]);
        foreach (var (name, id) in Ids.Where(i => i.Key != "").OrderByDescending(i => i.Key.Length))
            config = config.Replace(name, id);
        return config;
    }

    /// <summary>Validates, plans and creates an object. Returns the errors; null if there are none.</summary>
    protected string? Errors(string type, string json, string settings = """{"api_version":"v4beta"}""")
    {
        var cloud = clouds.Of(type);
        var schema = cloud.Schema.Resources[type];
        var config = (MapValue)JsonValues.FromJson(JsonNode.Parse(json), schema.Body.Type)!;
        var problems = ConfigurationCheck
            .Run(schema.Body, cloud.Facts.Resource(type), config)
            .Concat(cloud.Validate(type, JsonNode.Parse(json)!.AsObject()))
            .ToList();
        if (problems.Count > 0)
            return string.Join("; ", problems.Select(p => $"{p.Summary} {p.Detail}"));
        try
        {
            var resources = ResourcesOf(cloud, settings);
            var made = resources.Create(type, config, resources.Plan(type, config, null, config).Planned);
            return made.Late is { } late ? $"{late.Message} {late.Detail}" : null;
        }
        catch (ProviderException e)
        {
            return $"{e.Message} {e.Detail}";
        }
    }

    /// <summary>Deletes an object. Returns the error; null if there is none.</summary>
    protected string? DeleteErrors(string type, string id)
    {
        try
        {
            ResourcesOf(clouds.Of(type), "{}").Delete(type, id);
            return null;
        }
        catch (ProviderException e)
        {
            return e.Message;
        }
    }

    private Resources ResourcesOf(Cloud cloud, string settings)
    {
        var environment = new Dictionary<string, string> { ["LINODE_TOKEN"] = "x", ["KUBE_CONFIG_PATH"] = "x" };
        var given = cloud.Configure(JsonNode.Parse(settings)!.AsObject(), environment);
        return new Resources(cloud, Account, new Caller(given, new(_directory.Path)));
    }
}
