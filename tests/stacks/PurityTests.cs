using InfraCdktf.Environments.Model;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>
/// The code of synthesis calls no clock, random number, network, process or environment variable. The test reads the compiled
/// code, because two runs in the same minute would not show the difference.
/// </summary>
[Trait("Level", "pure")]
public sealed class PurityTests
{
    private static readonly string[] s_pure = ["InfraCdktf.Environments", "InfraCdktf.Constructs", "InfraCdktf.Stacks"];

    private static readonly string[] s_forbidden =
    [
        "System.DateTime::get_Now",
        "System.DateTime::get_UtcNow",
        "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow",
        "System.TimeProvider::",
        "System.Diagnostics.Stopwatch::",
        "System.Diagnostics.Process::",
        "System.Random::",
        "System.Guid::NewGuid",
        "System.Guid::CreateVersion7",
        "System.Security.Cryptography.RandomNumberGenerator::",
        "System.Environment::GetEnvironmentVariable",
        "System.Environment::get_CurrentDirectory",
        "System.Environment::get_MachineName",
        "System.Environment::get_TickCount",
        "System.Environment::get_UserName",
        "System.Net.Http.",
        "System.Net.Sockets.Socket::",
        "System.Net.Dns::",
        "System.IO.Path::GetTempPath",
        "System.IO.Path::GetRandomFileName",
        "System.IO.Directory::GetCurrentDirectory",
        "System.TimeZoneInfo::get_Local",
        "System.Console::",
    ];

    [Fact]
    public void Synthesis_calls_no_clock_random_network_process_or_variable() =>
        Assert.Empty(
            Calls().Where(call => s_forbidden.Any(call.Callee.StartsWith)).Select(call => $"{call.Caller} calls {call.Callee}")
        );

    [Fact]
    public void Call_reader_finds_the_calls_of_synthesis()
    {
        var calls = Calls().ToList();
        Assert.Contains(
            calls,
            call => call is { Caller: "InfraCdktf.Stacks.PlatformApp::Write", Callee: "HashiCorp.Cdktf.App::Synth" }
        );
        Assert.Contains(calls, call => call.Caller.StartsWith("InfraCdktf.Environments.Naming.", StringComparison.Ordinal));
        Assert.True(calls.Count > 1000, $"Only {calls.Count} calls were found.");
    }

    /// <summary>The calls of the code that synthesis runs: the inventory, the constructs and the stacks.</summary>
    private static IEnumerable<CompiledCall> Calls() =>
        new[] { typeof(PlatformSpec).Assembly, typeof(PlatformApp).Assembly }
            .SelectMany(CompiledCalls.Of)
            .Where(call => s_pure.Any(space => call.Caller.StartsWith(space, StringComparison.Ordinal)));
}
