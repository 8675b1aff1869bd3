using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.State.Lookup;
using InfraCdktf.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace InfraCdktf.Tests.Pipeline.State.Lookup;

/// <summary>What is concluded from what exists under a name, and what people read then.</summary>
[Trait("Level", "pure")]
public sealed class SearchTests
{
    private static readonly DateTimeOffset s_began = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_ended = s_began.AddMinutes(10);
    private static readonly ApplyTimes s_times = new(s_began, s_ended, s_ended.AddHours(1));

    [Theory]
    [InlineData(5, Verdict.Found)]
    [InlineData(-119, Verdict.Found)] // the clocks may differ by two minutes
    [InlineData(-121, Verdict.NotMade)]
    public void Object_that_is_older_than_the_apply_is_another_one(int seconds, Verdict verdict)
    {
        var search = new Search("vpcs", [new("1", s_began.AddSeconds(seconds), null)], s_times);

        Assert.Equal(verdict, search.Verdict);
        Assert.Equal(verdict == Verdict.Found ? "1" : null, search.Id);
        Assert.Equal(verdict == Verdict.Found, search.IsSure);
    }

    [Theory]
    [InlineData(239, true)] // the clocks may differ, and a call that was under way may end later
    [InlineData(241, false)]
    public void Object_that_is_newer_than_the_apply_is_another_one(int seconds, bool made)
    {
        var search = new Search("vpcs", [new("1", s_ended.AddSeconds(seconds), null)], s_times);

        Assert.Equal((made, made ? "1" : null), (search.IsSure, search.Id));
        Assert.Equal(!made, search.Text.Contains("this apply did not make it", StringComparison.Ordinal));
    }

    [Fact]
    public void Older_object_of_the_same_name_does_not_count()
    {
        var search = new Search("vpcs", [new("1", s_began.AddDays(-1), null), new("2", s_began, null)], s_times);

        Assert.Equal((Verdict.Found, "2"), (search.Verdict, search.Id));
    }

    [Fact]
    public void Two_objects_that_can_be_it_are_never_sure()
    {
        var search = new Search("vpcs", [new("1", s_began, null), new("2", s_began, null)], s_times);

        Assert.Equal(Verdict.Several, search.Verdict);
        Assert.Null(search.Id);
        Assert.False(search.IsSure);
    }

    [Theory]
    [InlineData(false, Verdict.Unsure)]
    [InlineData(true, Verdict.Found)]
    public void Object_without_a_time_is_sure_only_where_there_is_one(bool needsNoTime, Verdict verdict)
    {
        var search = new Search("locks", [new("1", Created: null, null)], s_times) { NeedsNoTime = needsNoTime };

        Assert.Equal((verdict, "1", verdict == Verdict.Found), (search.Verdict, search.Id, search.IsSure));
    }

    [Theory]
    [InlineData(119, Verdict.Unsettled)]
    [InlineData(121, Verdict.Absent)]
    public void Object_is_absent_only_after_calls_under_way_have_ended(int seconds, Verdict verdict)
    {
        var search = new Search("vpcs", [], s_times with { Now = s_ended.AddSeconds(seconds) });

        Assert.Equal((verdict, verdict == Verdict.Absent), (search.Verdict, search.IsSure));
    }

    [Fact]
    public void Object_is_not_sure_while_another_state_may_have_it()
    {
        var search = new Search("vpcs", [new("1", s_began, null)], s_times) { NotCompared = "the state of state (no key)" };

        Assert.Equal(Verdict.Found, search.Verdict);
        Assert.False(search.IsSure);
    }

    [Theory]
    [InlineData("failed", false)]
    [InlineData("degraded", false)]
    [InlineData("provisioning", true)]
    [InlineData("active", true)]
    public void Object_whose_creation_failed_is_never_sure(string status, bool isSure)
    {
        var search = new Search("databases", [new("1", s_began, status)], s_times);

        Assert.Equal((isSure, "1"), (search.IsSure, search.Id));
        Assert.Contains($"status {status}", search.Text, StringComparison.Ordinal);
        Assert.Equal(!isSure, search.Text.Contains("Its creation failed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("5", "this stack or a journal has it")]
    [InlineData("6", "another stack has it")]
    public async Task Object_that_a_state_has_is_never_found(string id, string _)
    {
        var source = new Source([new(id, DateTimeOffset.UtcNow, null)]);
        var lookup = new ObjectLookup([source], new Others(new HashSet<string> { "6" }), TimeProvider.System);

        var search = await lookup.FindAsync([Create("linode_vpc.a")], [], default);

        Assert.Empty(search["linode_vpc.a"].Sightings);
    }

    [Fact]
    public async Task Type_without_an_api_is_not_looked_for()
    {
        var lookup = new ObjectLookup([], new Others(new HashSet<string>()), TimeProvider.System);

        Assert.Empty(await lookup.FindAsync([Create("linode_vpc.a")], [], default));
    }

    [Fact]
    public async Task One_object_is_never_sure_for_two_creates()
    {
        var source = new Source([new("7", DateTimeOffset.UtcNow, null)]);
        var lookup = new ObjectLookup([source], new Others(new HashSet<string>()), TimeProvider.System);

        var searches = await lookup.FindAsync(
            [Create("linode_vpc.a"), Create("linode_vpc.b"), Create("linode_lke.a")],
            [],
            default
        );

        Assert.Equal(["linode_vpc.b"], searches["linode_vpc.a"].AlsoFor);
        Assert.Equal(["linode_vpc.a"], searches["linode_vpc.b"].AlsoFor);
        Assert.Equal((Verdict.Shared, false), (searches["linode_vpc.a"].Verdict, searches["linode_vpc.a"].IsSure));
        Assert.True(searches["linode_lke.a"].IsSure);
    }

    [Theory]
    [InlineData("linode_vpc.a=1", null)]
    [InlineData("linode_vpc.a=5", "linode_vpc.old has the linode_vpc with this id already")]
    [InlineData("linode_vpc.a=6", "the state of another stack has the linode_vpc with this id already")]
    [InlineData("linode_vpc.a=1 linode_vpc.b=1", "linode_vpc.b has the linode_vpc with this id already")]
    [InlineData("linode_vpc.a=1 linode_lke.b=1", null)]
    public async Task Adopted_object_must_be_in_no_state(string adopted, string? problem)
    {
        var lookup = new ObjectLookup([new Source([])], new Others(new HashSet<string> { "6" }), TimeProvider.System);
        var answers = adopted.Split(' ').Select(answer => answer.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var state = new StateObject("linode_vpc.old", "linode_vpc", "5", null);

        var check = lookup.RequireFreeAsync("core", answers, [state], default);

        if (problem is null)
            await check;
        else
            Assert.StartsWith(
                $"stack core: --adopt 'linode_vpc.a={answers["linode_vpc.a"]}': {problem}",
                (await Assert.ThrowsAsync<PipelineException>(() => check)).Message,
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData(true, true, Verdict.Absent)]
    [InlineData(true, false, Verdict.Absent)]
    [InlineData(false, true, Verdict.Absent)]
    [InlineData(false, false, Verdict.Unproven)]
    public async Task Empty_answer_counts_only_in_the_account_of_a_state(bool own, bool others, Verdict verdict)
    {
        StateObject state = new("linode_vpc.old", "linode_vpc", "5", null);
        StateObject other = new("linode_vpc.other", "linode_vpc", "6", null);
        var source = new Source([]) { Has = [.. own ? ["5"] : Array.Empty<string>(), .. others ? ["6"] : Array.Empty<string>()] };
        var lookup = new ObjectLookup(
            [source],
            new Others(new HashSet<string>()) { Objects = [other] },
            new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1))
        );

        var search = (await lookup.FindAsync([Create("linode_vpc.a")], [state], default))["linode_vpc.a"];

        Assert.Equal(verdict, search.Verdict);
        Assert.Equal(verdict == Verdict.Absent, search.IsSure);
    }

    [Fact]
    public async Task Empty_answer_counts_if_the_apply_created_another_one()
    {
        var source = new Source([new("7", DateTimeOffset.UtcNow, null)]) { Only = "linode_vpc.a" };
        var lookup = new ObjectLookup(
            [source],
            new Others(new HashSet<string>()),
            new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1))
        );

        var searches = await lookup.FindAsync([Create("linode_vpc.b"), Create("linode_vpc.a")], [], default);

        Assert.Equal(
            [Verdict.Absent, Verdict.Found],
            searches.OrderByDescending(item => item.Key).Select(item => item.Value.Verdict)
        );
    }

    [Fact]
    public void Next_commands_are_complete_for_every_verdict()
    {
        var old = new Sighting("11", s_began.AddDays(-9), "active");
        var made = new Sighting("12", s_began.AddSeconds(5), "provisioning");
        var again = new Sighting("13", s_began.AddSeconds(7), "active");
        IReadOnlyList<UnknownObject> unknown =
        [
            Unknown("linode_database_postgresql_v2.a", "pg", new("databases", [made], s_times)),
            Unknown("linode_database_postgresql_v2.b", "pg", new("databases", [made with { Status = "failed" }], s_times)),
            Unknown("linode_vpc.a", "net", new("the list vpcs", [], s_times)),
            Unknown("linode_object_storage_key.a", "read", new("keys", [new("3", null, null)], s_times)),
            Unknown("linode_object_storage_key.b", "write", new("keys", [new("4", null, null)], s_times)),
            Unknown("linode_vpc.b", "net", new("the list vpcs", [made], s_times) { AlsoFor = ["linode_vpc.c"] }),
            Unknown("linode_lke_cluster.a", "lke", new("lke/clusters", [made, again], s_times)) with
            {
                Older = ["9"],
            },
            Unknown("linode_firewall.a[\"x=y\"]", "wall", new("firewalls", [old], s_times)),
            Unknown("linode_domain.a", "example.com", new("the list domains", [], s_times with { Now = s_ended.AddSeconds(30) })),
            Unknown("linode_domain.b", "example.org", new("the list domains", [], s_times) { Unproven = "no object is known" }),
            Unknown("linode_lke_cluster.b", "lke", new("lke/clusters", [made], s_times) { Occupant = "9" }) with
            {
                Older = ["9"],
            },
            Unknown("linode_vpc_subnet.a", "nodes", new("", [], s_times, "GET http://x: 401.")),
            Unknown("linode_volume.a", "disk", search: null),
            Unknown("linode_firewall.b", "wall", new("firewalls", [new("15", s_ended.AddDays(1), "enabled")], s_times)),
            Unknown("linode_vpc.made", "net", search: null) with
            {
                Made = "14",
            },
        ];
        var looked = unknown.Where(item => item.Search is not null).Select(item => $"core: {item.Address}: {item.Search!.Text}");

        Golden.Match(
            string.Join('\n', [.. looked, .. NextCommands.Of("core", unknown)]),
            "tests",
            "pipeline",
            "state",
            "lookup",
            "golden",
            "verdicts.txt"
        );
    }

    private static UnknownObject Unknown(string address, string name, Search? search) =>
        new(address, name, $"look at {address}", []) { Search = search };

    private static OpenCreate Create(string address) =>
        new(
            new(address, address.Split('.')[0], Id: null),
            new ApplyJournal("/dev/null", "core", DateTimeOffset.UtcNow),
            new([], _ => null),
            new HashSet<string> { "5" }
        );

    private sealed class Source(IReadOnlyList<Sighting> found) : IObjectSource
    {
        /// <summary>The only address under whose name something exists; null: every one.</summary>
        public string? Only { get; init; }

        /// <summary>Ids that the account has.</summary>
        public IReadOnlyList<string> Has { get; init; } = [];

        public bool IsComparedById => true;

        bool IObjectSource.Has(string type) => true;

        public Task<ObjectSightings> FindAsync(JournalObject item, ImportIds ids, CancellationToken cancellation) =>
            Task.FromResult(new ObjectSightings("vpcs", Only is null || Only == item.Address ? found : []));

        public Task<string?> DoubtAsync(IReadOnlyList<StateObject> known, CancellationToken cancellation) =>
            Task.FromResult(known.Any(item => Has.Contains(item.Id)) ? null : "it has none of them");
    }

    private sealed class Others(IReadOnlySet<string> ids) : IOtherStates
    {
        public IReadOnlyList<StateObject> Objects { get; init; } = [];

        public Task<OtherIds> IdsOfAsync(string type, CancellationToken cancellation) => Task.FromResult(new OtherIds(ids));

        public Task<IReadOnlyList<StateObject>> ObjectsAsync(Func<string, bool> isType, CancellationToken cancellation) =>
            Task.FromResult(Objects);
    }
}
