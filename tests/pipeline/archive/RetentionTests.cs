using FsCheck.Fluent;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>Which entries stay, for any history.</summary>
[Trait("Level", "pure")]
public sealed class RetentionTests
{
    // Any outcomes in any order; serials with gaps, now and then the same one twice, in up to three lives of the stack.
    private static readonly FsCheck.Gen<IReadOnlyList<ArchiveEntry>> s_histories =
        from count in Gen.Choose(0, 60)
        from entries in Gen.ListOf(
            from serial in Gen.Choose(0, 80)
            from lineage in Gen.Elements("one", "two", "three")
            from outcome in Gen.Frequency(
                (6, Gen.Constant(ApplyOutcome.Failed)),
                (2, Gen.Constant(ApplyOutcome.Succeeded)),
                (1, Gen.Constant(ApplyOutcome.Destroyed))
            )
            select new ArchiveEntry(Manifests.Of(serial, outcome, lineage)),
            count
        )
        select ArchiveEntry.NewestFirst(entries.DistinctBy(entry => entry.Version));

    [Fact]
    public void The_newest_stay_by_count_and_the_newest_good_one_always() =>
        Examples.Satisfy(
            Gen.Zip(s_histories, Gen.Choose(1, 40)),
            example =>
            {
                var (entries, keep) = (example.Item1, example.Item2);
                var gone = Retention.Surplus(entries, keep);
                var stay = entries.Except(gone).ToList();
                var good = entries.FirstOrDefault(entry => entry.Manifest.IsGood);
                return stay.Take(keep).SequenceEqual(entries.Take(keep))
                    && stay.Count <= keep + 1
                    && (good is null || stay.Contains(good))
                    && stay.Skip(keep).All(entry => entry == good);
            }
        );

    [Fact]
    public void What_stays_stays_when_it_is_asked_again() =>
        Examples.Satisfy(
            s_histories,
            entries => Retention.Surplus([.. entries.Except(Retention.Surplus(entries, 30))], 30).Count == 0
        );

    [Fact]
    public void Nothing_is_kept_of_nothing_and_none_at_all_cannot_be_asked_for()
    {
        Assert.Empty(Retention.Surplus([], 30));
        Assert.Throws<ArgumentOutOfRangeException>(() => Retention.Surplus([], 0));
    }

    [Fact]
    public void Serials_say_what_is_newer_and_not_the_clocks_of_those_who_applied()
    {
        var slow = Manifests.Of(7) with { Started = Manifests.Day.AddDays(-1) };
        var earlier = Manifests.Of(6) with { Started = Manifests.Day };
        var anew = Manifests.Of(1, lineage: "two") with { Started = Manifests.Day.AddDays(1) };

        var order = ArchiveEntry.NewestFirst([new(earlier), new(anew), new(slow)]);

        Assert.Equal([anew, slow, earlier], order.Select(entry => entry.Manifest));
    }
}
