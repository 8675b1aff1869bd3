using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>
/// Thousands of generated applies that end at any step, with creates, updates, deletes and both kinds of replacement, and a state
/// that was saved at any step. After the recovery and the next apply nothing may be lost, doubled or replaced.
/// </summary>
[Trait("Level", "pure")]
public sealed class ReconciliationTests : IDisposable
{
    private const int Runs = 4000;

    private static readonly JsonObject s_named = JsonNode
        .Parse(
            """
            {
              "resource": {
                "linode_object_storage_bucket": { "a": { "label": "media", "region": "us-ord" } },
                "linode_lke_cluster": { "a": { "label": "lke" } },
                "kubernetes_config_map_v1": { "a": { "metadata": { "name": "a", "namespace": "staging" } } },
                "helm_release": { "a": { "name": "web", "namespace": "staging" } }
              }
            }
            """
        )!
        .AsObject();

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Recovery_of_any_apply_loses_doubles_replaces_nothing()
    {
        var first = TestRandom.Seed();
        for (var number = 0; number < Runs; number++)
        {
            // The first apply of a run has its seed, so that the seed of a failure repeats it at once.
            var seed = unchecked(first + number) & int.MaxValue;
            var apply = new KilledApply(seed);
            try
            {
                await CheckAsync(apply, TestRandom.Of(seed));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{TestRandom.Repeat(seed)} repeats this apply first.\n{apply}", exception);
            }
        }
    }

    [Theory]
    [InlineData("linode_object_storage_bucket.a", 119)]
    [InlineData("kubernetes_config_map_v1.a", 119)]
    [InlineData("helm_release.a", 119)]
    [InlineData("linode_object_storage_bucket.a", 121)]
    [InlineData("kubernetes_config_map_v1.a", 121)]
    [InlineData("helm_release.a", 121)]
    public async Task Named_object_is_absent_only_after_calls_have_ended(string address, int seconds)
    {
        var journal = InFlight(address);
        var times = new ApplyTimes(journal.Started, journal.Ended, journal.Ended.AddSeconds(seconds));
        // Nothing was found, or nothing answered and the import finds nothing.
        foreach (var search in new[] { new Search("x", [], times), new Search("", [], times, "no answer") })
        {
            var result = await ReconcileAsync(journal, [], new() { [address] = search });

            Assert.Equal(seconds < 120 ? [address] : [], result.Unknown.Select(item => item.Address));
            Assert.Equal(seconds < 120 ? [] : [address], result.Gone);
            if (seconds < 120)
                Assert.Equal([address], journal.Read().InFlight.Select(item => item.Address));
            File.WriteAllLines(journal.File, Start(address));
        }
    }

    // A stop here, a deploy from another clone, a recovery here: the state has an object of the later apply at this address.
    [Fact]
    public async Task Object_of_a_later_apply_does_not_hide_the_first_one()
    {
        const string address = "linode_lke_cluster.a";
        var journal = InFlight(address);
        StateObject[] state = [new(address, "linode_lke_cluster", "9", null)];
        var times = new ApplyTimes(journal.Started, journal.Ended, journal.Ended.AddHours(1));
        var first = new Sighting("7", journal.Started, "ready");

        var open = Reconcile(state, []).Open([journal]);
        var found = await ReconcileAsync(journal, state, new() { [address] = new("lke/clusters", [first], times) });
        var none = await ReconcileAsync(journal, state, new() { [address] = new("lke/clusters", [], times) });

        Assert.Equal([address], open.Select(item => item.Object.Address));
        Assert.Equal([address], found.Unknown.Select(item => item.Address));
        Assert.Empty(found.Imported);
        Assert.True(none.IsComplete);
        Assert.Empty(none.Gone);
    }

    // A recovery that was killed, or that left another object, has noted them already.
    [Fact]
    public void Answers_can_be_given_again()
    {
        const string made = "linode_lke_cluster.a";
        const string gone = "helm_release.a";
        var journal = InFlight(made);
        File.AppendAllLines(journal.File, Start(gone));
        Findings Given(string id) =>
            new(new Dictionary<string, string> { [made] = id }, new HashSet<string> { gone }, new HashSet<string>(), null);
        Given("7").RequireOpen("core", [journal]);

        journal.Find(Assert.Single(journal.Read().InFlight, item => item.Address == made), "7");
        journal.Settle(Assert.Single(journal.Read().InFlight));

        Given("7").RequireOpen("core", [journal]);
        Assert.Throws<UsageException>(() => Given("8").RequireOpen("core", [journal]));
    }

    private static Task<RecoveryResult> ReconcileAsync(
        ApplyJournal journal,
        IReadOnlyList<StateObject> state,
        Dictionary<string, Search> searches
    ) => Reconcile(state, searches).RunAsync(journal, CancellationToken.None);

    private static Reconciliation Reconcile(IReadOnlyList<StateObject> state, Dictionary<string, Search> searches) =>
        new(
            new StackDirectory("core", "", s_named),
            new Empty(state),
            new(new Dictionary<string, string>(), new HashSet<string>(), new HashSet<string>(), null)
        )
        {
            Searches = searches,
            Discarding = _ => throw new InvalidOperationException("Nothing is given up."),
        };

    private ApplyJournal InFlight(string address)
    {
        var journal = new ApplyJournals(_directory.Path).Begin("core");
        File.WriteAllLines(journal.File, Start(address));
        return journal;
    }

    private static string[] Start(string address)
    {
        var resource = $$"""{"addr":"{{address}}","resource_type":"{{address.Split('.')[0]}}"}""";
        return [$$"""{"type":"apply_start","hook":{"resource":{{resource}},"action":"create"} }"""];
    }

    private async Task CheckAsync(KilledApply apply, Random random)
    {
        var state = StateDraft.Parse(apply.Saved);
        if (apply.Ended != KilledApply.End.Finished)
        {
            var journal = new ApplyJournals(_directory.Path).Begin("core");
            File.WriteAllLines(journal.File, apply.Journal);
            var ending = apply.Ended == KilledApply.End.Killed ? ApplyEnding.Killed : ApplyEnding.Interrupted;
            if (!journal.Close(state.Content.Objects, ending))
                state = await RecoverAsync(apply, journal, random);
            journal.Remove();
        }
        var objects = state.Content.Objects;

        // Nothing is lost: the state has everything that exists.
        Assert.All(apply.Account, item => Assert.Contains(objects, item.Is));
        var next = apply.Next(objects);
        // Nothing is doubled: each address of the configuration has one object, and nothing else exists.
        Assert.Equal(apply.Wanted.Order(StringComparer.Ordinal), next.Select(item => item.Address).Order(StringComparer.Ordinal));
        // Nothing is replaced.
        Assert.All(apply.MustStay, item => Assert.Contains(item, next));
    }

    // A person answers until nothing is left. Runs end early too: then the state has not changed.
    private static async Task<StateDraft> RecoverAsync(KilledApply apply, ApplyJournal journal, Random random)
    {
        var findings = new Findings(new Dictionary<string, string>(), new HashSet<string>(), new HashSet<string>(), null);
        var saved = apply.Saved;
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var target = new Target(apply, StateDraft.Parse(saved)) { Ends = attempt < 3 && random.Next(4) == 0 };
            RecoveryResult result;
            try
            {
                result = await new Reconciliation(apply.Stack, target, findings)
                {
                    Discarding = _ => throw new InvalidOperationException("Nothing is given up."),
                }.RunAsync(journal, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                continue;
            }
            saved = target.State.Text;
            Assert.Empty(result.Refused);
            if (result.IsComplete)
                return target.State;
            findings = Look(apply, result.Unknown, target.State.Content.Objects);
        }
        throw new InvalidOperationException("The recovery is never complete.");
    }

    private static Findings Look(KilledApply apply, IEnumerable<UnknownObject> unknown, IReadOnlyList<StateObject> state)
    {
        var (adopted, absent) = (new Dictionary<string, string>(), new HashSet<string>());
        foreach (var item in unknown)
        {
            if (apply.Account.SingleOrDefault(made => made.Address == item.Address && !state.Any(made.Is)) is { } found)
                adopted[item.Address] = found.Id;
            else
                absent.Add(item.Address);
        }
        return new(adopted, absent, new HashSet<string>(), null);
    }

    /// <summary>A state for which no object exists that could be imported.</summary>
    private sealed class Empty(IReadOnlyList<StateObject> state) : IImportTarget
    {
        public IReadOnlyList<StateObject> Objects => state;

        public Task<bool> ImportAsync(
            JournalObject item,
            string importId,
            Func<string, bool> isDeleted,
            CancellationToken cancellation
        ) => Task.FromResult(false);
    }

    /// <summary>Imports as Terraform does: only what exists.</summary>
    private sealed class Target(KilledApply apply, StateDraft state) : IImportTarget
    {
        public StateDraft State => state;

        /// <summary>The run ends during its first import.</summary>
        public bool Ends { get; init; }

        public IReadOnlyList<StateObject> Objects => state.Content.Objects;

        public Task<bool> ImportAsync(
            JournalObject item,
            string importId,
            Func<string, bool> isDeleted,
            CancellationToken cancellation
        )
        {
            if (Ends)
                throw new TimeoutException();
            if (apply.Account.FirstOrDefault(made => made.Type == item.Type && made.Id == importId) is not { } found)
                return Task.FromResult(false);
            var aside = state.SetAside(item.Address, isDeleted);
            Assert.DoesNotContain(Objects, other => other.Instance == item.Address);
            state.PutBack([
                new JsonObject
                {
                    ["mode"] = "managed",
                    ["type"] = item.Type,
                    ["name"] = item.Address.Split('.')[1],
                    ["provider"] = "provider[\"x\"]",
                    ["instances"] = new JsonArray(
                        new JsonObject
                        {
                            ["schema_version"] = 0,
                            ["attributes"] = new JsonObject { ["id"] = found.Id, ["number"] = found.Number },
                        }
                    ),
                },
            ]);
            state.PutBack(aside);
            return Task.FromResult(true);
        }
    }
}
