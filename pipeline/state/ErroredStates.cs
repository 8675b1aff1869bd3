using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>A state that an apply could not save in the bucket.</summary>
/// <param name="File">The sealed file.</param>
/// <param name="Stack">Whose state it is.</param>
/// <param name="Sealed">When it was found and sealed.</param>
public sealed record ErroredState(string File, string Stack, DateTimeOffset Sealed);

/// <summary>
/// Keeps the states that applies could not save: Terraform then writes <c>errored.tfstate</c> in clear where it runs. So an apply runs in a directory in
/// memory, and what it leaves there is sealed with the stack's key into one directory of the project, by the same run or, when that was killed,
/// by the next command.
/// </summary>
/// <param name="project">The project's directory.</param>
/// <param name="keys">The state keys.</param>
public sealed class ErroredStates(string project, StateKeys keys)
{
    private const string Written = "errored.tfstate";
    private const string Extension = ".sealed";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    private readonly string _directory = Path.Combine(project, ".pipeline", "errored");

    /// <summary>
    /// Makes the directory that an apply of a stack runs in: all that the stack's directory has, by links. A saved plan holds the configuration, so the
    /// assets and the lock file are what Terraform still reads. Its own data (<c>.terraform</c>) stays where it is, named by TF_DATA_DIR.
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

    /// <summary>Seals what an apply left in its directory, and takes the directory away.</summary>
    /// <returns>What was sealed; null when the apply had saved its state.</returns>
    public async Task<ErroredState?> CloseAsync(string stack, PrivateDirectory place)
    {
        try
        {
            var found = await SealAsync(stack, Path.Combine(place.Path, Written));
            place.Dispose();
            return found;
        }
        catch
        {
            // No room, no right to write: it stays in memory, and the next command tries again.
            place.Leave();
            throw;
        }
    }

    /// <summary>Seals what killed runs of a stack left in memory, and what Terraform left beside its configuration when somebody ran it by hand.</summary>
    public async Task CollectAsync(string stack, string stackDirectory)
    {
        foreach (var place in PrivateDirectory.TakeLeft(Purpose(stack)))
            await CloseAsync(stack, place);
        await SealAsync(stack, Path.Combine(stackDirectory, Written));
    }

    /// <summary>Where applies of a stack run now, or were killed: the next command seals and removes what those left.</summary>
    public IReadOnlyList<string> Workplaces(string stack) => PrivateDirectory.Find(Purpose(stack));

    /// <summary>What lies sealed for a stack, oldest first; for all of them when none is named.</summary>
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
                    .OrderBy(state => state.Sealed),
            ];

    /// <summary>Refuses to go on where a state was not saved: planning over it would make everything twice.</summary>
    /// <exception cref="PipelineException">There is one.</exception>
    public void RequireNone(string stack)
    {
        if (Of(stack) is [var state, ..])
        {
            throw new PipelineException(
                $"stack {stack}: an apply could not save its state; it is sealed in {state.File} since {state.Sealed:u}. What it made would be made twice. Run \"state recover {stack}\" first."
            );
        }
    }

    /// <summary>Opens one. It holds secrets: never write it anywhere in clear.</summary>
    public Stream OpenRead(ErroredState state) => EncryptedFile.OpenRead(state.File, keys);

    /// <summary>Removes one, when the bucket has all it says.</summary>
    public void Remove(ErroredState state) => File.Delete(state.File);

    private async Task<ErroredState?> SealAsync(string stack, string file)
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

    // Another clone of the project, another platform: what their runs leave is theirs to seal.
    private string Purpose(string stack)
    {
        var clone = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(project)));
        return $"{Convert.ToHexStringLower(clone)[..12]}-{stack}";
    }
}
