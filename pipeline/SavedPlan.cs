using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline;

/// <summary>
/// A file for a saved plan, readable by its owner alone and gone after use: a plan holds sensitive values in clear (ephemeral ones it does not).
/// </summary>
public sealed class SavedPlan : IDisposable
{
    private readonly string _directory;

    /// <summary>Makes an empty file (0600) in a directory of its own (0700); Terraform writes into it and keeps the mode.</summary>
    public SavedPlan()
    {
        _directory = Directory.CreateTempSubdirectory("infra-cdktf-plan-").FullName;
        File = Path.Combine(_directory, "plan");
        PrivateFiles.Create(File).Dispose();
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
