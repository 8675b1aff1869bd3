using System.Globalization;

namespace InfraCdktf.Sandbox.Hosting;

/// <summary>
/// The record of a running sandbox in a checkout: <c>.pipeline/sandboxes/{process}</c>. It has the value of
/// <c>TF_REATTACH_PROVIDERS</c>. The program accepts that variable only with a recorded value: a value that is left over in a
/// shell would send Terraform to other providers than the configuration names. The first line identifies the process that ends
/// with the sandbox, so a process that got its number later does not count.
/// </summary>
public sealed class SandboxRecord : IDisposable
{
    /// <summary>The variable that names the directory of the record to the commands in the sandbox.</summary>
    public const string Variable = "INFRACDKTF_SANDBOX";

    private const string Parent = ".pipeline";
    private const string Folder = "sandboxes";

    private readonly string _file;

    private SandboxRecord(string file) => _file = file;

    /// <summary>Records a sandbox. Records of sandboxes that were killed are removed.</summary>
    /// <param name="checkout">The directory of the checkout.</param>
    /// <param name="process">The process that ends with the sandbox.</param>
    /// <param name="reattach">The value of <c>TF_REATTACH_PROVIDERS</c>.</param>
    internal static SandboxRecord Write(string checkout, int process, string reattach)
    {
        foreach (var left in Files(checkout).Where(file => !IsRunning(file)))
            File.Delete(left);
        var file = Path.Combine(
            Directory.CreateDirectory(DirectoryOf(checkout)).FullName,
            process.ToString(CultureInfo.InvariantCulture)
        );
        File.WriteAllText(file, $"{ProcessIdentity.Of(process)}\n{reattach}");
        return new(file);
    }

    /// <summary>True if a running sandbox has recorded this value in the checkout.</summary>
    /// <param name="checkout">The directory of the checkout.</param>
    /// <param name="reattach">The value of <c>TF_REATTACH_PROVIDERS</c>.</param>
    public static bool Has(string checkout, string reattach) =>
        Files(checkout).Any(file => IsRunning(file) && Lines(file) is [_, var recorded] && recorded == reattach);

    /// <summary>Removes the record, and the directories that it was the last entry of.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_file);
            var folder = Path.GetDirectoryName(_file)!;
            Directory.Delete(folder);
            Directory.Delete(Path.GetDirectoryName(folder)!);
        }
        catch (IOException)
        {
            // Not empty: another sandbox, or what applies left. Or the checkout is removed already.
        }
    }

    private static string DirectoryOf(string checkout) => Path.Combine(checkout, Parent, Folder);

    private static IEnumerable<string> Files(string checkout) =>
        Directory.Exists(DirectoryOf(checkout)) ? Directory.EnumerateFiles(DirectoryOf(checkout)) : [];

    private static bool IsRunning(string file) =>
        Lines(file) is [var identity, ..] && ProcessIdentity.In(identity)?.IsRunning == true;

    private static string[] Lines(string file) => File.ReadAllText(file).Split('\n', 2);
}
