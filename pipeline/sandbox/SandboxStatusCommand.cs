using System.CommandLine;
using System.Globalization;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Sandbox.Accounts;
using Spectre.Console;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>The objects of an account that a stack's state has.</summary>
/// <param name="Stack">The stack; null for the objects that are in no state.</param>
/// <param name="Objects">Their number by provider: "linode", "kubernetes", "helm".</param>
public sealed record StackObjects(string? Stack, IReadOnlyDictionary<string, int> Objects);

/// <summary><c>sandbox status</c>: says whether the sandbox runs, and what its account has.</summary>
public static class SandboxStatusCommand
{
    private static readonly string[] s_providers = ["linode", "kubernetes", "helm"];

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var directory = SandboxCommand.DirectoryOption();
        return context.Verb(
            "status",
            "Show whether the sandbox runs, its addresses and the objects of its account; exit 1 if it does not run.",
            [directory],
            async (parsed, output, cancellation) =>
            {
                var caller = context.Workspace();
                var place = SandboxCommand.PlaceOf(caller, parsed.GetValue(directory));
                var shown = place.ShownFrom(caller.Directory);
                if (place.Running is not { } running)
                {
                    output.Line(
                        place.Last is { } last
                            ? $"The sandbox in {shown} has ended without \"down\". It ran since {last.Since:u} as {last.Process}."
                                + $" \"sandbox up\" starts it again with the same account; its log is {place.Log}."
                            : $"No sandbox runs in {shown}. \"sandbox up\" starts one."
                    );
                    output.Json(
                        new
                        {
                            directory = place.FullPath,
                            running = false,
                            ended = place.Last is not null,
                        }
                    );
                    return ExitCode.Failed;
                }
                output.Line($"The sandbox in {shown} runs since {running.Since:u}.");
                output.Line($"process           {running.Identity!.Id}");
                output.Line($"Linode's API      {running.Variables["LINODE_URL"]}");
                output.Line($"object store      {running.Variables[BucketAddress.EndpointVariable]}");
                output.Line($"Kubernetes        KUBECONFIG={running.Variables["KUBECONFIG"]}");
                output.Line($"log               {place.Log}");
                var stacks = await ObjectsAsync(SandboxEnvironment.Inside(caller, place, running), place, cancellation);
                Write(output, stacks);
                output.Json(
                    new
                    {
                        directory = place.FullPath,
                        running = true,
                        since = running.Since,
                        process = running.Identity.Id,
                        linode = running.Variables["LINODE_URL"],
                        objectStore = running.Variables[BucketAddress.EndpointVariable],
                        kubeconfig = running.Variables["KUBECONFIG"],
                        stacks,
                    }
                );
                return ExitCode.Done;
            }
        );
    }

    private static async Task<IReadOnlyList<StackObjects>> ObjectsAsync(
        Workspace workspace,
        SandboxDirectory place,
        CancellationToken cancellation
    )
    {
        var left = new Account(place.Account).Objects.ToDictionary(item => item.Key, StringComparer.Ordinal);
        var stacks = new List<StackObjects>();
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        foreach (var stack in StackNames.Waves(workspace.Platform).SelectMany(wave => wave))
        {
            var state = LiveState.TryParse(await LiveState.Of(buckets, workspace.Platform, stack).ReadAsync(cancellation));
            var found = (state?.Objects ?? []).Select(AccountKey.Of).Where(left.ContainsKey).Distinct().ToList();
            stacks.Add(new(stack, Count(found.Select(key => left[key]))));
            foreach (var key in found)
                left.Remove(key);
        }
        return left.Count == 0 ? stacks : [.. stacks, new(null, Count(left.Values))];
    }

    private static Dictionary<string, int> Count(IEnumerable<AccountObject> objects) =>
        s_providers.ToDictionary(provider => provider, provider => objects.Count(item => item.Provider == provider));

    private static void Write(CommandOutput output, IReadOnlyList<StackObjects> stacks)
    {
        var table = new Table().AddColumns(["Stack", .. s_providers, "objects"]);
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var stack in stacks)
            table.AddRow([stack.Stack ?? "in no state", .. Numbers(stack.Objects)]);
        table.AddRow([
            "account",
            .. Numbers(s_providers.ToDictionary(provider => provider, provider => stacks.Sum(stack => stack.Objects[provider]))),
        ]);
        output.People.Write(table);

        static IEnumerable<string> Numbers(IReadOnlyDictionary<string, int> objects) =>
            s_providers
                .Select(provider => objects[provider])
                .Append(objects.Values.Sum())
                .Select(number => number.ToString(CultureInfo.InvariantCulture));
    }
}
