using System.Collections.Concurrent;

namespace InfraCdktf.Pipeline.Deploy;

/// <summary>How far a deploy of several stacks came when it failed or was stopped.</summary>
/// <param name="waves">The stacks, wave by wave.</param>
internal sealed class DeployProgress(IReadOnlyList<IReadOnlyList<string>> waves)
{
    private readonly ConcurrentDictionary<string, StackResult> _done = [];
    private readonly HashSet<string> _begun = [];

    /// <summary>True if there is more than one stack: otherwise the error says it all.</summary>
    public bool IsOfSeveral => waves.Sum(wave => wave.Count) > 1;

    /// <summary>A wave begins.</summary>
    public void Begin(IEnumerable<string> wave) => _begun.UnionWith(wave);

    /// <summary>A stack is done. Stacks of one wave end side by side.</summary>
    public void End(StackResult result) => _done[result.Name] = result;

    /// <summary>The results of the stacks that are done, and the names of the others, for <c>--json</c>.</summary>
    public object Partial =>
        new
        {
            stacks = waves.SelectMany(wave => wave).Where(_done.ContainsKey).Select(name => _done[name]),
            notDone = waves.SelectMany(wave => wave).Where(name => _begun.Contains(name) && !_done.ContainsKey(name)),
            notBegun = waves.SelectMany(wave => wave).Where(name => !_begun.Contains(name)),
        };

    /// <summary>For people: <c>Done: state. Not done: core. Not begun: system, development.</c></summary>
    public override string ToString() =>
        $"Done: {Names(_done.ContainsKey)}. Not done: {Names(name => _begun.Contains(name) && !_done.ContainsKey(name))}. "
        + $"Not begun: {Names(name => !_begun.Contains(name))}.";

    private string Names(Func<string, bool> isOne) =>
        waves.SelectMany(wave => wave).Where(isOne).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "none";
}
