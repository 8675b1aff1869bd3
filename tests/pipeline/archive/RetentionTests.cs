using FsCheck.Fluent;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>The retention rule, for any history.</summary>
[Trait("Level", "pure")]
public sealed class RetentionTests
{
    // Any outcomes in any order; serials with gaps, some of them twice, in up to three lineages.
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
    public void Retention_keeps_the_newest_by_count_and_the_newest_good() =>
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
    public void Retention_removes_nothing_on_a_second_call() =>
        Examples.Satisfy(
            s_histories,
            entries => Retention.Surplus([.. entries.Except(Retention.Surplus(entries, 30))], 30).Count == 0
        );

    [Fact]
    public void Retention_accepts_no_entries_and_refuses_a_count_of_zero()
    {
        Assert.Empty(Retention.Surplus([], 30));
        Assert.Throws<ArgumentOutOfRangeException>(() => Retention.Surplus([], 0));
    }

    [Fact]
    public void Entries_are_sorted_by_serial_and_not_by_clock()
    {
        var slow = Manifests.Of(7) with { Started = Manifests.Day.AddDays(-1) };
        var earlier = Manifests.Of(6) with { Started = Manifests.Day };
        var restarted = Manifests.Of(1, lineage: "two") with { Started = Manifests.Day.AddDays(1) };

        var order = ArchiveEntry.NewestFirst([new(earlier), new(restarted), new(slow)]);

        Assert.Equal([restarted, slow, earlier], order.Select(entry => entry.Manifest));
    }
}
