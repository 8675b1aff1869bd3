using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Constructs.Admission;

/// <summary>
/// One file of <c>cases/{policy}/</c>: an object, and the kubectl command that sends it to a real API server. The first part of
/// the file name is the expected outcome: accepted, refused or noted. The optional file <c>{name}.before.yaml</c> holds the
/// object that exists before the command.
/// </summary>
public sealed record AdmissionCase(string Policy, string Name, string Command, AdmissionRequest Request, JsonObject? Before)
{
    /// <summary>The user of a command without <c>--as</c>: the service account of LKE's own kubeconfig.</summary>
    private const string Administrator = "system:serviceaccount:kube-system:lke-admin";

    /// <summary>
    /// The creation of the object that the case needs, by an administrator (tests/admission/run-live.sh); null if it needs none.
    /// </summary>
    public AdmissionRequest? Preparation =>
        (Before ?? (Request.Operation == "DELETE" ? Request.OldObject : null)) is { } needed
            ? new()
            {
                Operation = "CREATE",
                User = Administrator,
                Groups = GroupsOf(Administrator),
                Object = needed,
            }
            : null;

    /// <summary>The expected outcome: "accepted", "refused", or "noted" (accepted, but the policy reports it).</summary>
    public string Outcome => Name.Split('-')[0];

    /// <summary>The file's path in the repository.</summary>
    public string File => $"tests/constructs/admission/cases/{Policy}/{Name}.yaml";

    /// <summary>All cases.</summary>
    public static IReadOnlyList<AdmissionCase> All { get; } =
    [
        .. Directory
            .GetFiles(Repository.PathOf("tests", "constructs", "admission", "cases"), "*.yaml", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".before.yaml", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"{Policy}/{Name}";

    private static AdmissionCase Read(string file)
    {
        var text = System.IO.File.ReadAllText(file);
        var command = text.Split('\n').Single(line => line.StartsWith("# kubectl ", StringComparison.Ordinal))[2..];
        // A command with --raw sends JSON, so kubectl converts the file first: the request is after the pipe.
        var words = command.Split(" | ")[^1].Split(' ');
        var body = YamlObjects.Parse(text).Single();
        var before =
            Path.ChangeExtension(file, ".before.yaml") is var path && System.IO.File.Exists(path)
                ? YamlObjects.Parse(System.IO.File.ReadAllText(path)).Single()
                : null;
        var user = Option("--as=") ?? Administrator;
        var address = words.SkipWhile(word => word != "--raw").ElementAtOrDefault(1)?.Trim('"');
        var subresource = address is null ? null : Subresource.Parse(address);
        var operation = words[1] switch
        {
            "delete" => "DELETE",
            "replace" => "UPDATE",
            "create" when subresource?.IsConnection is true => "CONNECT",
            "create" when subresource is not null => "CREATE",
            _ => before is null ? "CREATE" : "UPDATE",
        };
        return new(
            Path.GetFileName(Path.GetDirectoryName(file))!,
            Path.GetFileNameWithoutExtension(file),
            command,
            new()
            {
                Operation = operation,
                User = user,
                Groups = Option("--as-group=") is { } group ? [group] : GroupsOf(user),
                Object = operation == "DELETE" ? null : body,
                OldObject = operation switch
                {
                    "DELETE" => body,
                    "UPDATE" => before ?? body,
                    _ => null,
                },
                Subresource = subresource,
            },
            before
        );

        string? Option(string name) =>
            words.FirstOrDefault(word => word.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
    }

    // The API server adds these groups to a service account, also to an impersonated one.
    private static string[] GroupsOf(string user) =>
        user.Split(':') is ["system", "serviceaccount", var namespaceName, _]
            ? ["system:serviceaccounts", $"system:serviceaccounts:{namespaceName}", "system:authenticated"]
            : ["system:authenticated"];
}
