using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.State;

/// <summary>A state that an apply could not save in the bucket.</summary>
/// <param name="File">The encrypted file.</param>
/// <param name="Stack">The stack of the state.</param>
/// <param name="EncryptedAt">When it was found and encrypted.</param>
public sealed record ErroredState(string File, string Stack, DateTimeOffset EncryptedAt);

/// <summary>
/// Keeps the states that applies could not save. In that case Terraform writes <c>errored.tfstate</c> in clear into its working
/// directory. So an apply runs in a directory in memory. The same run then encrypts that file with the stack's key and stores it
/// in one directory of the project; if the run was killed, the next command does it.
/// </summary>
/// <param name="project">The project's directory.</param>
/// <param name="keys">The state keys.</param>
public sealed class ErroredStates(string project, StateKeys keys)
{
    private const string Written = "errored.tfstate";
    private const string Extension = ".sealed";
    private const string TerraformData = ".terraform";
    private const string Providers = "providers";

    /// <summary>The file that Terraform reads a state from and writes it to if the configuration has no backend.</summary>
    public const string CopiedState = "terraform.tfstate";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    private readonly string _directory = Path.Combine(project, ".pipeline", "errored");

    /// <summary>
    /// Creates the directory that an apply of a stack runs in, with links to everything in the stack's directory. A saved plan
    /// contains the configuration, so Terraform still reads only the assets and the lock file. Terraform's own data
    /// (<c>.terraform</c>) stays in the stack's directory; TF_DATA_DIR names it.
    /// </summary>
    public PrivateDirectory Workplace(string stack, string stackDirectory)
    {
        var place = PrivateDirectory.Create(Purpose(stack));
        foreach (var entry in Directory.EnumerateFileSystemEntries(stackDirectory))
        {
            if (Path.GetFileName(entry) is { } name and not Written)
                File.CreateSymbolicLink(Path.Combine(place.Path, name), Path.GetFullPath(entry));
        }
        return place;
    }

    /// <summary>
    /// Creates a directory like <see cref="Workplace"/> in which Terraform works on a copy of the state: the configuration there
    /// has no backend, and Terraform's data there has only the installed providers.
    /// </summary>
    /// <param name="stack">The stack, after <c>terraform init</c>.</param>
    /// <param name="data">The path of Terraform's data of the stack.</param>
    public PrivateDirectory Copy(StackDirectory stack, string data)
    {
        var place = Workplace(stack.Name, stack.Path);
        foreach (var name in new[] { StackDirectory.FileName, TerraformData, CopiedState })
            File.Delete(Path.Combine(place.Path, name));
        var configuration = stack.Configuration.DeepClone();
        configuration["terraform"]?.AsObject().Remove("backend");
        File.WriteAllText(Path.Combine(place.Path, StackDirectory.FileName), configuration.ToJsonString());
        var own = Directory.CreateDirectory(Path.Combine(place.Path, TerraformData)).FullName;
        if (Directory.Exists(Path.Combine(data, Providers)))
            Directory.CreateSymbolicLink(Path.Combine(own, Providers), Path.Combine(data, Providers));
        return place;
    }

    /// <summary>Encrypts the state that an apply left in its directory, then removes the directory.</summary>
    /// <returns>The encrypted state; null if the apply had saved its state.</returns>
    public async Task<ErroredState?> CloseAsync(string stack, PrivateDirectory place)
    {
        try
        {
            var found = await EncryptAsync(stack, Path.Combine(place.Path, Written));
            place.Dispose();
            return found;
        }
        catch
        {
            // No space or no write permission: the state stays in memory, and the next command tries again.
            place.Leave();
            throw;
        }
    }

    /// <summary>
    /// Encrypts the states that killed runs of a stack left in memory, and the state that a Terraform run by hand left beside its
    /// configuration.
    /// </summary>
    public async Task CollectAsync(string stack, string stackDirectory)
    {
        foreach (var place in PrivateDirectory.TakeLeft(Purpose(stack)))
            await CloseAsync(stack, place);
        await EncryptAsync(stack, Path.Combine(stackDirectory, Written));
    }

    /// <summary>
    /// The directories in memory of applies of a stack that are running or were killed. The next command encrypts what killed
    /// applies left and removes it.
    /// </summary>
    public IReadOnlyList<string> Workplaces(string stack) => PrivateDirectory.Find(Purpose(stack));

    /// <summary>The encrypted states of a stack, oldest first; those of all stacks if no stack is named.</summary>
    public IReadOnlyList<ErroredState> Of(string? stack = null) =>
        !Directory.Exists(_directory)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(_directory, $"*{Extension}")
                    .Select(Parse)
                    .OfType<ErroredState>()
                    .Where(state => stack is null || state.Stack == stack)
                    .OrderBy(state => state.EncryptedAt),
            ];

    /// <summary>
    /// Requires that every apply of the stack saved its state: a plan after an unsaved state would create its objects twice.
    /// </summary>
    /// <exception cref="PipelineException">The stack has an unsaved state.</exception>
    public void RequireNone(string stack)
    {
        if (Of(stack) is [var state, ..])
        {
            throw new PipelineException(
                $"stack {stack}: an apply could not save its state. The state is encrypted in {state.File} since "
                    + $"{state.EncryptedAt:u}. The next apply would create its objects twice. "
                    + $"Run \"state recover {stack}\" first."
            );
        }
    }

    /// <summary>Opens a state. It contains secrets: never write it anywhere in clear.</summary>
    public Stream OpenRead(ErroredState state) => EncryptedFile.OpenRead(state.File, keys);

    /// <summary>Removes a state. Call it when the bucket has the state.</summary>
    public void Remove(ErroredState state) => File.Delete(state.File);

    private async Task<ErroredState?> EncryptAsync(string stack, string file)
    {
        if (!File.Exists(file))
            return null;
        var now = DateTimeOffset.UtcNow;
        var time = now.ToString(TimeFormat, CultureInfo.InvariantCulture);
        var path = Path.Combine(_directory, $"{stack}.{time}.{Guid.NewGuid():N}{Extension}");
        await using (var content = File.OpenRead(file))
            await EncryptedFile.WriteAsync(path, stack, keys.Of(stack), content, CancellationToken.None);
        File.Delete(file);
        return new(path, stack, now);
    }

    // A stack's name is a DNS label: it has no dot.
    private static ErroredState? Parse(string file) =>
        Path.GetFileName(file).Split('.') is [var stack, var time, _, _]
        && DateTimeOffset.TryParseExact(
            time,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var when
        )
            ? new(file, stack, when)
            : null;

    // The clone's path is part of the name: another clone of the project must not take over these directories.
    private string Purpose(string stack)
    {
        var clone = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(project)));
        return $"{Convert.ToHexStringLower(clone)[..12]}-{stack}";
    }
}
