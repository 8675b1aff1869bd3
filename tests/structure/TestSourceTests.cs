using System.Text.RegularExpressions;
using InfraCdktf.Tests.Constructs.Access;
using InfraCdktf.Tests.Constructs.Kubernetes;
using InfraCdktf.Tests.Docs;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Structure;

/// <summary>
/// Tests wait for events and never for a time: a time is too long on a quiet machine and too short on a busy one. Their random
/// choices can be repeated.
/// </summary>
[Trait("Level", "pure")]
public sealed partial class TestSourceTests
{
    private static readonly IReadOnlyList<CompiledCall> s_calls = CompiledCalls.Of(typeof(TestSourceTests).Assembly);

    [Fact]
    public void Tests_do_not_sleep()
    {
        Assert.Empty(
            from file in RepositoryFiles.All.Select(RepositoryFiles.Relative)
            where
                file.StartsWith("tests/", StringComparison.Ordinal)
                && !file.StartsWith("tests/snapshots/", StringComparison.Ordinal)
                // Plans of the same stacks, and what is shown of them.
                && !file.StartsWith("tests/pipeline/plan/documents/", StringComparison.Ordinal)
                && !file.StartsWith("tests/pipeline/plan/golden/", StringComparison.Ordinal)
            where file != "tests/structure/TestSourceTests.cs"
            from line in File.ReadLines(Repository.PathOf(file)).Index()
            where Sleep().IsMatch(line.Item)
            select $"{file}:{line.Index + 1}: {line.Item.Trim()}: wait for a held call, a file or a process (tests/support)."
        );
        Assert.DoesNotContain(s_calls, call => Sleeps(call.Callee));
    }

    [Theory]
    [InlineData("        await Task.Delay(50);", true)]
    [InlineData("            System.Threading.Thread.Sleep(1);", true)]
    [InlineData("  sleep 0.2", true)]
    [InlineData("exec sleep 60", true)]
    [InlineData("setTimeout(() => {}, 200);", true)]
    [InlineData("        Held(); // DelayMilliseconds, asleep", false)]
    public void Sleep_check_finds_calls_and_commands(string line, bool found) => Assert.Equal(found, Sleep().IsMatch(line));

    [Fact]
    public void Random_choices_of_tests_come_from_TestRandom()
    {
        var helper = typeof(TestRandom).FullName!;
        Assert.Contains(s_calls, call => IsRandom(call.Callee)); // the search finds the helper's own call
        Assert.DoesNotContain(
            s_calls,
            call => IsRandom(call.Callee) && !call.Caller.StartsWith($"{helper}::", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Generated_examples_come_from_Examples() =>
        Assert.Equal(
            [$"{typeof(Examples).FullName}::Satisfy"],
            s_calls.Where(call => IsProperty(call.Callee)).Select(call => call.Caller).Distinct()
        );

    /// <summary>Each of these methods makes its constructs inside <see cref="SynthesizedPlatform.Construct"/>.</summary>
    [Fact]
    public void Tests_use_constructs_only_while_they_hold_jsii() =>
        Assert.Equal(
            [
                $"{typeof(StackResourceKindsTests).FullName}::Refused",
                $"{typeof(HelmReleaseTests).FullName}::Releases",
                $"{typeof(ManifestsTests).FullName}::Release",
                $"{typeof(SynthesizedPlatform).FullName}::Synthesize",
            ],
            s_calls
                .Where(call => call.Callee is "HashiCorp.Cdktf.App::.ctor" or "InfraCdktf.Stacks.PlatformApp::Synth")
                .Select(call => call.Caller)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    private static bool Sleeps(string callee) =>
        callee is "System.Threading.Tasks.Task::Delay" or "System.Threading.Thread::Sleep" or "System.Threading.Thread::SpinWait"
        || callee.StartsWith("System.Threading.SpinWait::", StringComparison.Ordinal)
        || callee.StartsWith("System.Threading.PeriodicTimer::", StringComparison.Ordinal);

    private static bool IsRandom(string callee) =>
        callee is "System.Random::.ctor" or "System.Random::get_Shared"
        || callee.StartsWith("System.Security.Cryptography.RandomNumberGenerator::", StringComparison.Ordinal);

    // The ways to run a property or to draw an example without a seed of ours.
    private static bool IsProperty(string callee) =>
        callee.StartsWith("FsCheck.", StringComparison.Ordinal)
        && callee.Split("::")[1] is "Check" or "QuickCheck" or "QuickCheckThrowOnFailure" or "VerboseCheck" or "Sample";

    [GeneratedRegex(@"\b(?:Task\.Delay|Thread\.Sleep|sleep|usleep|setTimeout|setInterval|PeriodicTimer)\b")]
    private static partial Regex Sleep();
}
