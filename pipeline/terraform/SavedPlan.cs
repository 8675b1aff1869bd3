using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.Terraform;

/// <summary>
/// The file of a saved plan, which contains sensitive values in clear text (but no ephemeral values). If there is a <c>/proc</c>,
/// the file has no name in any directory: Terraform opens it through this process, and it is deleted when this process ends, even
/// if it is killed. Elsewhere it is a file that only its owner can read and that is deleted after use; a killed process leaves
/// it.
/// </summary>
public sealed class SavedPlan : IDisposable
{
    private readonly PrivateDirectory? _directory;
    private readonly FileStream _content;

    /// <summary>Creates an empty file (0600); Terraform writes into it and keeps the mode.</summary>
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
