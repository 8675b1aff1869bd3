using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>
/// A place for a saved plan, which holds sensitive values in clear (ephemeral ones it does not). Where there is a <c>/proc</c> it has no name in any directory:
/// Terraform reaches it through this process, and it is gone when this process is, however that ends. Elsewhere it is a file that its owner
/// alone can read, deleted after use; a killed process leaves it.
/// </summary>
public sealed class SavedPlan : IDisposable
{
    private readonly PrivateDirectory? _directory;
    private readonly FileStream _content;

    /// <summary>Makes an empty one (0600); Terraform writes into it and keeps the mode.</summary>
    public SavedPlan()
    {
        var directory = PrivateDirectory.Create("plan");
        var file = Path.Combine(directory.Path, "plan");
        _content = PrivateFiles.Create(file);
        var link = $"/proc/{System.Environment.ProcessId}/fd/{_content.SafeFileHandle.DangerousGetHandle()}";
        if (System.IO.File.Exists(link))
        {
            directory.Dispose();
            File = link;
        }
        else
        {
            _directory = directory;
            File = file;
        }
    }

    /// <summary>Its path for Terraform, a child of this process.</summary>
    public string File { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _content.Dispose();
        _directory?.Dispose();
    }
}
