using System.Security.Cryptography;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Linode;
using InfraCdktf.Pipeline.State.Bootstrap;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;

namespace InfraCdktf.Pipeline.Sandbox;

/// <summary>
/// The variables that a person would set for a real platform: state keys, access keys, secrets. The file
/// <c>variables</c> keeps them (<c>NAME=VALUE</c> lines, 0600) for the next start.
/// </summary>
/// <param name="file">The file.</param>
internal sealed class SandboxSettings(string file)
{
    private const string Complete = "# complete";

    /// <summary>True if <c>sandbox up</c> has finished them.</summary>
    public bool IsComplete => Lines.Contains(Complete, StringComparer.Ordinal);

    /// <summary>The variables.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        Lines
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>A state key for each stack that has none yet.</summary>
    /// <param name="platform">The inventory.</param>
    /// <param name="key">The key of all stacks in base64; null: a random one for each.</param>
    public void AddKeys(PlatformSpec platform, string? key)
    {
        var known = Variables;
        foreach (var stack in StackNames.Waves(platform).SelectMany(wave => wave))
        {
            if (!known.ContainsKey(StateKeys.VariableOf(stack)))
                Add(StateKeys.VariableOf(stack), key ?? StateKey.Generate().Base64);
        }
    }

    /// <summary>Keeps a new access key.</summary>
    public void Add(KeyPurpose purpose, ObjectStorageKey key)
    {
        Add($"{purpose.Prefix}ACCESS_KEY_ID", key.AccessKey);
        Add($"{purpose.Prefix}SECRET_ACCESS_KEY", key.SecretKey);
    }

    /// <summary>A value for each secret of the stacks that has none yet.</summary>
    public void AddSecrets(IEnumerable<StackDirectory> stacks)
    {
        var known = Variables;
        foreach (
            var name in stacks
                .SelectMany(stack => stack.Variables)
                .Where(variable => variable.Ephemeral)
                .Select(variable => $"TF_VAR_{variable.Name}")
                .Distinct()
        )
        {
            if (!known.ContainsKey(name))
                Add(name, $"sandbox-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        }
    }

    /// <summary>Notes that they are finished.</summary>
    public void SetComplete() => Write(Complete);

    private void Add(string name, string value) => Write($"{name}={value}");

    private void Write(string line)
    {
        using var stream = File.Exists(file) ? new FileStream(file, FileMode.Append) : PrivateFiles.Create(file);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(line);
    }

    private string[] Lines => File.Exists(file) ? File.ReadAllLines(file) : [];
}
