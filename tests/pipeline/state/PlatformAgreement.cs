using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>The objects of one stack's state.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Content">The bytes of the state.</param>
/// <param name="Objects">The objects.</param>
internal sealed record KnownState(string Stack, byte[] Content, IReadOnlyList<StateObject> Objects)
{
    /// <summary>The keys in the account.</summary>
    public IEnumerable<string> Keys => Objects.Select(item => item.Key);
}

/// <summary>Compares account, cluster, states and archive. The objects of the cluster are in the sandbox's account.</summary>
internal static class PlatformAgreement
{
    /// <summary>The states of all stacks that have one.</summary>
    public static async Task<IReadOnlyList<KnownState>> StatesAsync(SandboxFixture sandbox, Workspace workspace)
    {
        using var buckets = StateBuckets.Open(workspace.Platform, sandbox.Workspace.Environment);
        var states = new List<KnownState>();
        foreach (var stack in KillPlatform.Stacks)
        {
            if (await LiveState.Of(buckets, workspace.Platform, stack).ReadAsync(default) is { } content)
                states.Add(new(stack, content, StateFile.Parse(content).Objects));
        }
        return states;
    }

    /// <summary>Everything that does not agree, one sentence each.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="finished">
    /// False after the recovery: then the state may still have what was being deleted; the next plan reads that.
    /// </param>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(SandboxFixture sandbox, Workspace workspace, bool finished)
    {
        var states = await StatesAsync(sandbox, workspace);
        var account = sandbox.Sandbox.Account.Objects.ToDictionary(item => item.Key);
        var known = states.SelectMany(state => state.Keys).ToList();
        var wrong = new List<string>();
        wrong.AddRange(account.Keys.Except(known).Select(key => $"lost: {key} is in no state"));
        wrong.AddRange(known.GroupBy(key => key).Where(same => same.Count() > 1).Select(same => $"twice in a state: {same.Key}"));
        if (finished)
            wrong.AddRange(known.Except(account.Keys).Select(key => $"only in a state: {key}"));
        wrong.AddRange(
            states
                .SelectMany(state => state.Objects)
                .Where(item => finished && (item.Deposed is not null || item.Tainted))
                .Select(item => $"not current: {item.Address}")
        );
        wrong.AddRange(
            account
                .Values.Where(item => item.Type == "helm_release" && $"{item.Attributes["status"]}" != "deployed")
                .Select(item => $"release {item.Id} has the status {item.Attributes["status"]}")
        );
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var archive = StateArchive.Of(workspace, buckets);
        foreach (var state in states)
        {
            var entries = await archive.ListAsync(state.Stack, default);
            if (entries.Count == 0 || !(await archive.ReadStateAsync(entries[0], default)).SequenceEqual(state.Content))
                wrong.Add($"the newest archived version of {state.Stack} is not the live state");
        }
        foreach (var stack in KillPlatform.Stacks)
        {
            if (await StateLock.Of(buckets, workspace.Platform, stack).ReadAsync(default) is { } holder)
                wrong.Add($"lock of {stack} is left: {holder.Operation}");
        }
        wrong.AddRange(workspace.Journals.Of().Select(journal => $"journal is left: {Path.GetFileName(journal.File)}"));
        wrong.AddRange(workspace.Errored.Of().Select(state => $"unsaved state is left: {Path.GetFileName(state.File)}"));
        if (Directory.Exists(workspace.QueueDirectory) && Directory.EnumerateFiles(workspace.QueueDirectory).Any())
            wrong.Add("the queue of the archive is not empty");
        return wrong;
    }
}

/// <summary>What was created and removed in an account since a moment, from the account's own journal.</summary>
/// <param name="directory">The account's directory.</param>
internal sealed class AccountHistory(string directory)
{
    private readonly string _file = Path.Combine(directory, "objects.jsonl");
    private int _start;

    /// <summary>Everything before this moment is not counted.</summary>
    public void Begin() => _start = Lines().Length;

    /// <summary>The keys of created objects, once for each creation, and of removed objects, once for each removal.</summary>
    public (IReadOnlyList<string> Created, IReadOnlyList<string> Removed, int NeverInstalled) Read()
    {
        var (made, removed, releases) = (new List<string>(), new List<string>(), 0);
        var exist = new Dictionary<string, JsonNode>();
        foreach (var (line, number) in Lines().Select((line, number) => (line, number)))
        {
            foreach (var change in JsonNode.Parse(line)!["changes"]!.AsArray())
            {
                var key = $"{change!["type"]}/{change["id"]}";
                var put = $"{change["op"]}" == "put";
                if (number >= _start && put && !exist.ContainsKey(key))
                    made.Add(key);
                if (number >= _start && !put && exist.TryGetValue(key, out var gone))
                {
                    // Helm writes the record of a release before its objects.
                    if (change["type"]!.GetValue<string>() == "helm_release" && $"{gone["status"]}" == "pending-install")
                    {
                        made.Remove(key);
                        releases++;
                    }
                    else
                        removed.Add(key);
                }
                if (put)
                    exist[key] = change["attributes"]!;
                else
                    exist.Remove(key);
            }
        }
        return (made, removed, releases);
    }

    private string[] Lines() => File.Exists(_file) ? File.ReadAllLines(_file) : [];
}
