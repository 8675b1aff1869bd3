using InfraCdktf.Pipeline.Cli;

namespace InfraCdktf.Pipeline.Processes;

/// <summary>An address of a service that gets credentials: https, or http on this machine.</summary>
public static class ServiceAddress
{
    /// <summary>Reads an address.</summary>
    /// <param name="name">Where it is given, for the message.</param>
    /// <param name="text">The address.</param>
    /// <exception cref="PipelineException">It is not an address, or credentials would cross a network in clear.</exception>
    public static Uri Of(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && IsSafe(address)
            ? address
            : throw new PipelineException(
                $"{name}: given {text}; allowed: an https address, or http on this machine (127.0.0.1, localhost). Credentials "
                    + "would cross the network in clear. Correct the address."
            );

    private static bool IsSafe(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
