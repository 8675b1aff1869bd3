using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Sandbox.Accounts;

/// <summary>The account on disk: it can be shared, its changes are atomic, and its files are never rewritten.</summary>
[Trait("Level", "pure")]
public sealed class AccountTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Account_opened_twice_shows_the_same_objects()
    {
        var (one, other) = (new Account(_directory.Path), new Account(_directory.Path));
        Put(one, "1", "a");
        Assert.Equal(["thing/1"], other.Objects.Select(o => o.Key));
        other.Remove("thing", "1");
        Assert.Empty(one.Objects);
    }

    [Fact]
    public async Task Account_keeps_all_changes_of_concurrent_writers()
    {
        var writers = Enumerable
            .Range(0, 4)
            .Select(w =>
                Task.Run(() =>
                {
                    var account = new Account(_directory.Path);
                    for (var i = 0; i < 50; i++)
                    {
                        Put(account, $"{w}-{i}", "same");
                        account.Log("create", "thing", "same", "ok", 0);
                    }
                })
            );
        await Task.WhenAll(writers);
        var read = new Account(_directory.Path);
        Assert.Equal(200, read.Objects.Count);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), read.Calls.Select(c => c.Number));
        Assert.Equal(200, read.CreatesSeen);
    }

    [Fact]
    public void Shared_faults_reach_accounts_of_other_processes()
    {
        var (running, other) = (new Account(_directory.Path), new Account(_directory.Path));
        var fault = new Fault { Type = "thing", Kill = true };
        Assert.Null(running.Faults.Strike("create", "thing", "a"));

        other.ShareFaults([fault, fault with { Operation = "delete", Error = "[503]" }]);
        Assert.Equal(fault, running.Faults.Strike("create", "thing", "a"));
        other.ShareFaults([]);
        Assert.Null(running.Faults.Strike("delete", "thing", "a"));

        other.ShareFaults([fault]);
        Account.ForgetSharedFaults(_directory.Path);
        Assert.Null(new Account(_directory.Path).Faults.Strike("create", "thing", "a"));
    }

    [Fact]
    public void Journal_drops_a_half_written_line_at_the_next_write()
    {
        Put(new Account(_directory.Path), "1", "a");
        File.AppendAllText(Path.Combine(_directory.Path, "objects.jsonl"), """{"changes":[{"op":"put","type":"thi""");
        var after = new Account(_directory.Path);
        Assert.Single(after.Objects);
        Put(after, "2", "b");
        Assert.Equal(["thing/1", "thing/2"], new Account(_directory.Path).Objects.Select(o => o.Key));
    }

    [Fact]
    public void Account_is_unchanged_after_a_failed_change()
    {
        var account = new Account(_directory.Path);
        Put(account, "1", "a");
        Assert.Throws<InvalidOperationException>(() =>
            account.Change<bool>(t =>
            {
                t.Remove(t.Find("thing", "1")!);
                throw new InvalidOperationException();
            })
        );
        Assert.Single(account.Objects);
        Assert.Single(new Account(_directory.Path).Objects);
    }

    [Fact]
    public void Journal_grows_by_the_same_size_for_each_object()
    {
        var account = new Account(_directory.Path);
        Put(account, "0000", "a");
        var one = new FileInfo(Path.Combine(_directory.Path, "objects.jsonl")).Length;
        for (var i = 1; i < 1000; i++)
            Put(account, $"{i:0000}", "a");
        Assert.Equal(1000 * one, new FileInfo(Path.Combine(_directory.Path, "objects.jsonl")).Length);
    }

    [Fact]
    public void Account_counts_deleted_objects_of_a_name()
    {
        var account = new Account(_directory.Path);
        Put(account, "1", "a");
        account.Remove("thing", "1");
        Assert.Equal(1, new Account(_directory.Path).Change(t => t.Created("thing", "a")));
    }

    [Theory]
    [InlineData(2, 1, "create", "b", false, true, false)]
    [InlineData(1, 2, "create", "b", true, true, false)]
    [InlineData(1, 1, "delete", "b", false, false, false)]
    [InlineData(1, 9, null, "b*", true, true, true)]
    [InlineData(1, 9, "create", "c", false, false, false)]
    public void Fault_applies_only_to_the_calls_that_it_names(
        int nth,
        int times,
        string? operation,
        string name,
        bool first,
        bool second,
        bool third
    )
    {
        var faults = new FaultList();
        faults.Add(
            new Fault
            {
                Operation = operation,
                Name = name,
                Nth = nth,
                Times = times,
                Error = "no",
            }
        );
        Assert.Equal(
            [first, second, third],
            Enumerable.Range(0, 3).Select(_ => faults.Strike("create", "thing", "b") is not null)
        );
    }

    private static void Put(Account account, string id, string name) =>
        account.Change(t =>
        {
            t.Put(
                new AccountObject
                {
                    Provider = "test",
                    Type = "thing",
                    Id = id,
                    Name = name,
                    Created = t.Now,
                    Attributes = new JsonObject { ["name"] = name },
                    Configured = [],
                }
            );
            return true;
        });
}
