using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Tests.Pipeline.Terraform;

[Trait("Level", "pure")]
public sealed class WaveTests
{
    [Fact]
    public async Task Stacks_of_a_wave_run_side_by_side_and_results_keep_their_order()
    {
        var gate = new TaskCompletionSource();
        var results = await Wave.RunAsync(
            ["first", "second"],
            async stack =>
            {
                // Each waits for the other: one after the other would never end.
                if (stack == "first")
                    await gate.Task;
                gate.TrySetResult();
                return stack.Length;
            }
        );

        Assert.Equal([5, 6], results);
    }

    [Fact]
    public async Task One_failure_stops_no_other_stack_and_is_thrown_as_it_is()
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
    public async Task Several_failures_are_told_together()
    {
        var error = await Assert.ThrowsAsync<AggregateException>(() =>
            Wave.RunAsync<string, int>(["one", "two"], stack => throw new PipelineException(stack))
        );

        Assert.Equal(["one", "two"], error.InnerExceptions.Select(inner => inner.Message));
    }
}
