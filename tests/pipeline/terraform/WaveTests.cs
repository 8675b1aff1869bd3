using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Tests.Pipeline.Terraform;

[Trait("Level", "pure")]
public sealed class WaveTests
{
    [Fact]
    public async Task Wave_runs_stacks_in_parallel_and_keeps_the_order()
    {
        var gate = new TaskCompletionSource();
        var results = await Wave.RunAsync(
            ["first", "second"],
            async stack =>
            {
                // The steps wait for each other, so a sequential run would never end.
                if (stack == "first")
                    await gate.Task;
                gate.TrySetResult();
                return stack.Length;
            }
        );

        Assert.Equal([5, 6], results);
    }

    [Fact]
    public async Task Wave_finishes_other_stacks_if_one_fails()
    {
        var finished = false;
        await Assert.ThrowsAsync<PipelineException>(() =>
            Wave.RunAsync(
                ["bad", "good"],
                async stack =>
                {
                    await Task.Yield();
                    if (stack == "bad")
                        throw new PipelineException("bad");
                    return finished = true;
                }
            )
        );

        Assert.True(finished);
    }

    [Fact]
    public async Task Wave_throws_all_failures_together()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() =>
            Wave.RunAsync<string, int>(["one", "two"], stack => throw new PipelineException(stack))
        );

        Assert.Equal(["one", "two"], error.InnerExceptions.Select(inner => inner.Message));
    }
}
