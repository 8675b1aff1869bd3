using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>What ends an apply.</summary>
internal enum Kill
{
    /// <summary>SIGKILL of Terraform; this program sees it.</summary>
    Terraform,

    /// <summary>SIGKILL of this program; Terraform continues.</summary>
    Program,

    /// <summary>SIGKILL of both.</summary>
    Both,

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    Term,

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    Int,

    /// <summary>SIGHUP, as a closed terminal sends it.</summary>
    Hup,
}

/// <summary>What the apply does.</summary>
internal enum KilledOperation
{
    /// <summary>A stack is created from nothing.</summary>
    Create,

    /// <summary>Objects are replaced, because a create-only argument changed.</summary>
    Replace,

    /// <summary>A stack is destroyed.</summary>
    Destroy,
}

/// <summary>What a call has done when it is interrupted.</summary>
internal enum Effect
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>The object exists, and the provider waits until it is ready: a stopped provider gives its id.</summary>
    Waits,

    /// <summary>The object exists, and the answer to the request is missing: a stopped provider gives only an error.</summary>
    Sent,
}

/// <summary>
/// One kill. Everything follows from the seed: the stack, what is done with it, the moment, and the kind of kill. Any 10
/// consecutive seeds have all kinds of kill and all operations, any 18 have all pairs.
/// </summary>
internal sealed record KillCase
{
    // Those that take minutes in the real cloud.
    private static readonly string[] s_slow =
    [
        "linode_lke_cluster",
        "linode_database_postgresql_v2",
        "linode_object_storage_bucket",
        "kubernetes_namespace_v1",
        "helm_release",
    ];

    private const string Large = "system";
    private const string Small = "development";

    private KillCase() { }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>The kind of kill.</summary>
    public required Kill Kill { get; init; }

    /// <summary>The operation.</summary>
    public required KilledOperation Operation { get; init; }

    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>True if the signal reaches Terraform too, as from a terminal.</summary>
    public bool InTerminal { get; private init; }

    /// <summary>True if somebody calls the doctor while Terraform is still running; only after a kill of the program.</summary>
    public bool Impatient { get; private init; }

    /// <summary>The addresses whose create-only argument is changed.</summary>
    public IReadOnlyList<Replacement> Replacements { get; private init; } = [];

    /// <summary>The calls that are in flight at the kill.</summary>
    public string Call { get; private init; } = "";

    /// <summary>The type whose calls are held; null: all calls after the first ones are held.</summary>
    public string? Type { get; private init; }

    /// <summary>The first held call.</summary>
    public int Nth { get; private init; } = 1;

    /// <summary>What each of the held calls has done at the kill. The last value is for all later ones.</summary>
    public IReadOnlyList<Effect> Effects { get; private init; } = [];

    /// <summary>How many calls should be in flight at the kill, if that many can be.</summary>
    public int InFlight { get; private init; } = 1;

    /// <summary>Chooses a case.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="all">Also the stack system; its 133 objects take as long as five other cases. Otherwise development.</param>
    /// <param name="configurationOf">Gives the configuration of a stack.</param>
    public static KillCase Of(int seed, bool all, Func<string, JsonObject> configurationOf)
    {
        var random = TestRandom.Of(seed);
        var operation = (KilledOperation)((seed % 3 + seed / 6 % 3) % 3);
        var chosen = Choose(
            random,
            [
                .. operation == KilledOperation.Destroy ? [] : new[] { StackNames.State, StackNames.State },
                .. Enumerable.Repeat(StackNames.Core, 4),
                Large,
                .. new[] { Small, Small, "staging", "staging", "production", "production" },
            ]
        );
        var stack = chosen == Large && !all ? Small : chosen;
        var configuration = configurationOf(stack);
        var replacements = operation == KilledOperation.Replace ? Replacement.Choose(random, configuration) : [];
        var addresses =
            operation == KilledOperation.Replace
                ? [.. replacements.Select(item => item.Address)]
                : Addresses(configuration).ToList();
        var types = addresses.Select(address => address.Split('.')[0]).Distinct().ToList();
        var slow = types.Intersect(s_slow).ToList();
        var byType = random.Next(2) == 0;
        var kill = (Kill)(seed % 6);
        return new()
        {
            Seed = seed,
            Kill = kill,
            Operation = operation,
            Stack = stack,
            Replacements = replacements,
            InTerminal = random.Next(2) == 0,
            Impatient = random.Next(4) == 0,
            Call =
                operation == KilledOperation.Destroy || (operation == KilledOperation.Replace && random.Next(3) == 0)
                    ? "delete"
                    : "create",
            Type = byType ? Choose(random, slow.Count > 0 && random.Next(4) > 0 ? slow : types) : null,
            Nth = byType ? 1 : 1 + random.Next(addresses.Count),
            // If only the program is killed, Terraform gets every answer.
            Effects = [.. Enumerable.Range(0, 10).Select(_ => (Effect)random.Next(kill == Kill.Program ? 2 : 3))],
            InFlight = 1 + random.Next(4),
        };
    }

    /// <summary>The faults that hold the calls.</summary>
    public IEnumerable<Fault> Faults(Hold hold) =>
        Effects.Select(
            (effect, index) =>
                new Fault
                {
                    Operation = Call,
                    Type = Type,
                    Nth = Nth + index,
                    Times = index == Effects.Count - 1 ? 1000 : 1,
                    Hold = hold,
                    AfterEffect = effect == Effect.Waits,
                    AnswerLost = effect == Effect.Sent,
                }
        );

    /// <inheritdoc/>
    public override string ToString() =>
        $"{TestRandom.Repeat(Seed)}: {Kill}{(InTerminal && Kill is Kill.Int or Kill.Hup ? " in a terminal" : "")} during the "
        + $"{Operation.ToString().ToLowerInvariant()} of {Stack}"
        + (Replacements.Count == 0 ? "" : $" ({string.Join(", ", Replacements)})")
        + $", {Call} {Type ?? "of any type"} from number {Nth} on";

    private static IEnumerable<string> Addresses(JsonObject configuration) =>
        configuration["resource"]!.AsObject().SelectMany(type => type.Value!.AsObject().Select(one => $"{type.Key}.{one.Key}"));

    private static T Choose<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}

/// <summary>A changed create-only argument of one object.</summary>
/// <param name="Address">The object.</param>
/// <param name="Renames">False if the new object has the name of the old one, and so the same id.</param>
/// <param name="CreateFirst">Whether the new object is created before the old one is deleted.</param>
internal sealed record Replacement(string Address, bool Renames, bool CreateFirst)
{
    // Types with a create-only argument besides the name, whose change leaves the id as it is.
    private static readonly string[] s_sameName =
    [
        "kubernetes_cluster_role_binding_v1",
        "kubernetes_role_binding_v1",
        "kubernetes_secret_v1",
        "kubernetes_storage_class_v1",
    ];

    // The others cannot be replaced alone: Linode refuses to delete what is in use, and the bucket of the states is not empty.
    private static readonly string[] s_linode =
    [
        "linode_database_postgresql_v2",
        "linode_lke_cluster",
        "linode_object_storage_bucket",
        "linode_object_storage_key",
    ];

    /// <summary>Chooses up to three objects of a stack.</summary>
    public static IReadOnlyList<Replacement> Choose(Random random, JsonObject configuration)
    {
        var possible = configuration["resource"]!
            .AsObject()
            .Where(type => IsPossible(type.Key))
            .SelectMany(type => type.Value!.AsObject().Select(one => $"{type.Key}.{one.Key}"))
            .Where(address => address != "linode_object_storage_bucket.live_bucket")
            .ToArray();
        random.Shuffle(possible);
        return
        [
            .. possible
                .Take(1 + random.Next(3))
                .Select(address =>
                {
                    var renames = !s_sameName.Contains(address.Split('.')[0]) || random.Next(2) == 0;
                    return new Replacement(address, renames, renames && random.Next(2) == 0);
                }),
        ];
    }

    /// <summary>Changes a configuration.</summary>
    public void In(JsonObject configuration)
    {
        var (type, name) = (Address.Split('.')[0], Address.Split('.')[1]);
        var item = configuration["resource"]![type]![name]!.AsObject();
        var lifecycle = item["lifecycle"]?.DeepClone().AsObject() ?? [];
        lifecycle.Remove("prevent_destroy");
        lifecycle["create_before_destroy"] = CreateFirst;
        item["lifecycle"] = lifecycle;
        switch (type)
        {
            case "linode_database_postgresql_v2":
                item["label"] = $"{item["label"]}-b";
                item["region"] = "us-iad";
                item.Remove("private_network");
                break;
            case "linode_lke_cluster":
                item["label"] = $"{item["label"]}-b";
                item["apl_enabled"] = true;
                break;
            case "linode_object_storage_bucket":
                item["label"] = $"{item["label"]}-b";
                break;
            case "linode_object_storage_key":
                item["label"] = $"{item["label"]}-b";
                foreach (var access in item["bucket_access"]!.AsArray())
                    access!["permissions"] =
                        access["permissions"]!.GetValue<string>() == "read_only" ? "read_write" : "read_only";
                break;
            case "helm_release":
                item["name"] = $"{item["name"]}-b";
                break;
            case var _ when Renames:
                item["metadata"]!["name"] = $"{item["metadata"]!["name"]}-b";
                break;
            case "kubernetes_secret_v1":
                item["type"] = "infra-cdktf.invalid/other";
                break;
            case "kubernetes_storage_class_v1":
                item["parameters"]!["other"] = "true";
                break;
            default:
                item["role_ref"]!["name"] = $"{item["role_ref"]!["name"]}-b";
                break;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Address}{(Renames ? "" : " with the same id")}{(CreateFirst ? ", created first" : "")}";

    private static bool IsPossible(string type) =>
        type.StartsWith("linode_", StringComparison.Ordinal)
            ? s_linode.Contains(type)
            : type != "kubernetes_default_service_account_v1";
}
