using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// The shipped platform in a sandbox, deployed by the program; then the state of every stack is removed. The import ids of all
/// objects are known, as from the journal of an apply.
/// </summary>
public sealed class LostStates(SynthesizedPlatform synthesized) : IAsyncLifetime
{
    private readonly Dictionary<string, JsonArray> _imports = [];
    private SandboxFixture _sandbox = null!;
    private Workspace _workspace = null!;

    /// <summary>The names of all stacks.</summary>
    public static IEnumerable<string> Stacks => DeployedPlatform.Stacks;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await DeployedPlatform.CloneAsync(synthesized);
        _workspace = DeployedPlatform.WorkspaceOf(_sandbox);
        using var buckets = StateBuckets.Open(_workspace.Platform, _workspace.Environment);
        foreach (var name in Stacks)
            await LoseAsync(buckets, _workspace.Stack(name));
    }

    public async ValueTask DisposeAsync() => await _sandbox.DisposeAsync();

    /// <summary>
    /// Imports every object of a stack into the empty state and plans, in one run of Terraform that writes nothing.
    /// </summary>
    /// <param name="name">The stack.</param>
    /// <param name="ignoring">False plans as if the configuration ignored no argument and protected no object.</param>
    /// <returns>Terraform's documented JSON of the plan.</returns>
    public async Task<JsonObject> ImportAsync(string name, bool ignoring = true)
    {
        var stack = _workspace.Stack(name);
        var (imports, configuration) = (Path.Combine(stack.Path, "imports.tf.json"), Path.Combine(stack.Path, "cdk.tf.json"));
        var terraform = _workspace.Terraform(stack, Placeholders.Refused);
        using var plan = new SavedPlan();
        try
        {
            File.WriteAllText(imports, new JsonObject { ["import"] = _imports[name].DeepClone() }.ToJsonString());
            if (!ignoring)
                File.WriteAllText(configuration, WithoutLifecycle(stack.Configuration).ToJsonString());
            await terraform.InitAsync(CancellationToken.None);
            await terraform.PlanAsync(new() { File = plan.File }, CancellationToken.None);
            return await terraform.ShowAsync(plan.File, CancellationToken.None);
        }
        finally
        {
            File.Delete(imports);
            File.WriteAllText(configuration, stack.Configuration.ToJsonString());
        }
    }

    private async Task LoseAsync(StateBuckets buckets, StackDirectory stack)
    {
        var terraform = _workspace.Terraform(stack, Placeholders.Allowed);
        await terraform.InitAsync(CancellationToken.None);
        var objects = StateFile.FromPull(await terraform.PullStateAsync(CancellationToken.None))!.Objects;
        var ids = new ImportIds(
            stack.Configuration,
            objects.ToDictionary(item => item.Address, item => item.Id).GetValueOrDefault
        );
        _imports[stack.Name] = new([
            .. objects.Select(item => new JsonObject
            {
                ["to"] = item.Address,
                ["id"] = ids.Of(new(item.Address, item.Type, item.Id)),
            }),
        ]);
        await buckets.Live.Client.DeleteObjectAsync(
            buckets.Live.Address.Name,
            StateAddress.Of(_workspace.Platform, stack.Name).Key
        );
    }

    private static JsonObject WithoutLifecycle(JsonObject configuration)
    {
        var plain = configuration.DeepClone().AsObject();
        foreach (var (_, named) in plain["resource"]!.AsObject())
        foreach (var (_, resource) in named!.AsObject())
            resource!.AsObject().Remove("lifecycle");
        return plain;
    }
}
