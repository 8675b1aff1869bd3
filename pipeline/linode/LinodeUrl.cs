using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Processes;

namespace InfraCdktf.Pipeline.Linode;

/// <summary>The address of Linode's API, for this program and the provider.</summary>
public static class LinodeUrl
{
    /// <summary>The variable that redirects the calls; the provider reads it too.</summary>
    public const string Variable = "LINODE_URL";

    /// <summary>The address: <see cref="Variable"/>, or Linode's own.</summary>
    /// <param name="environment">The caller's environment.</param>
    /// <returns>The address without a slash at its end.</returns>
    /// <exception cref="PipelineException">The address is neither https nor on this machine.</exception>
    public static string Of(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault(Variable) is not { Length: > 0 } given)
            return "https://api.linode.com";
        _ = ServiceAddress.Of(Variable, given);
        return given.TrimEnd('/');
    }
}
