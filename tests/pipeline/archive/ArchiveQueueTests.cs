using InfraCdktf.Pipeline.Archive;

namespace InfraCdktf.Tests.Pipeline.Archive;

/// <summary>The queue of a machine that several stacks and several runs use at the same time.</summary>
[Trait("Level", "real")]
public sealed class ArchiveQueueTests
{
    [Fact]
    public async Task Damaged_entry_is_set_aside_and_blocks_no_other()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var said = new List<string>();
        var queue = new ArchiveQueue(fixture.Workspace.QueueDirectory, fixture.Keys, said.Add);
        var damaged = await queue.AddAsync(fixture.Draft(1), CancellationToken.None);
        await queue.AddAsync(fixture.Draft(2), CancellationToken.None);
        using (var file = File.OpenWrite(damaged.File))
            file.SetLength(file.Length - 1);
        var empty = await queue.AddAsync(fixture.Draft(3), CancellationToken.None);
        await File.WriteAllTextAsync(empty.File, "");
        // The file of another stack: it is never opened.
        var other = Path.Combine(fixture.Workspace.QueueDirectory, "a-b-20260101T000000000Z-1-abc.entry");
        await File.WriteAllTextAsync(other, "not an encrypted file");

        var sent = await queue.SendAsync(fixture.Archive, ArchiveFixture.Stack, CancellationToken.None);

        Assert.Equal(2, Assert.Single(sent).Manifest.Serial);
        Assert.Equal([new QueuedEntry("a-b", other)], queue.Pending);
        Assert.Equal([$"{damaged.File}.damaged", $"{empty.File}.damaged"], queue.Damaged.Select(entry => entry.File));
        Assert.Equal(2, said.Count);
        Assert.All(said, line => Assert.Contains("is damaged and is set aside as", line, StringComparison.Ordinal));
        var doctor = await fixture.RunAsync($"state doctor {ArchiveFixture.Stack}");
        Assert.Contains($"a version is damaged and was set aside as {damaged.File}.damaged", doctor.Output);
    }

    [Fact]
    public async Task Entry_that_another_run_sends_meanwhile_is_left_out()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var queue = new ArchiveQueue(fixture.Workspace.QueueDirectory, fixture.Keys);
        await queue.AddAsync(fixture.Draft(1), CancellationToken.None);
        var second = await queue.AddAsync(fixture.Draft(2), CancellationToken.None);
        // Both are listed; while the first is being sent, another run removes the second.
        fixture.Archive.Progress = (_, _, _) => File.Delete(second.File);

        var sent = await queue.SendAsync(fixture.Archive, ArchiveFixture.Stack, CancellationToken.None);

        Assert.Equal(1, Assert.Single(sent).Manifest.Serial);
    }

    [Fact]
    public async Task Entries_are_sent_by_two_runs_at_the_same_time()
    {
        using var fixture = await ArchiveFixture.StartAsync();
        var queue = new ArchiveQueue(fixture.Workspace.QueueDirectory, fixture.Keys);
        for (var serial = 1; serial <= 8; serial++)
            await queue.AddAsync(fixture.Draft(serial), CancellationToken.None);

        var runs = Enumerable
            .Range(0, 4)
            .Select(_ => queue.SendAsync(fixture.Archive, ArchiveFixture.Stack, CancellationToken.None));
        await Task.WhenAll(runs);

        Assert.Empty(queue.Pending);
        Assert.Equal(8, (await fixture.ListAsync()).Count);
        await fixture.RequireAllWholeAsync();
    }
}
