using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;

namespace InfraCdktf.Pipeline.State;

/// <summary>
/// <c>state escrow</c>: writes an encrypted copy of the state keys for the case that they are lost, and tests such a copy.
/// </summary>
public static class StateEscrowCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "The file of the escrow." };
        var recipients = new Option<string[]>("--recipients")
        {
            HelpName = "CERT.pem",
            AllowMultipleArgumentsPerToken = false,
            Description =
                "Encrypt all state keys for the RSA key of this certificate. May be given several times: any one key opens "
                + "the escrow.",
        };
        var verify = new Option<bool>("--verify")
        {
            Description = "Open the escrow and read each stack's live state with its key from the escrow.",
        };
        var identity = new Option<string?>("--identity")
        {
            HelpName = "KEY.pem",
            Description = "The private key that opens the escrow, for --verify.",
        };
        return context.Verb(
            "escrow",
            "Encrypt all state keys for recipients, or test that an escrow opens the states; exit 1 if one state cannot be "
                + "opened.",
            [file, recipients, verify, identity],
            async (parsed, output, cancellation) =>
            {
                var workspace = context.Workspace();
                var path = parsed.GetValue(file)!;
                var certificates = parsed.GetValue(recipients) ?? [];
                if (parsed.GetValue(verify))
                {
                    return await VerifyAsync(
                        workspace,
                        path,
                        parsed.GetValue(identity)
                            ?? throw new UsageException(
                                "--identity is missing: --verify needs the private key that opens the escrow. Give "
                                    + "--identity KEY.pem."
                            ),
                        output,
                        cancellation
                    );
                }
                return certificates.Length > 0
                    ? await EncryptAsync(workspace, path, certificates, output, cancellation)
                    : throw new UsageException(
                        "Give --recipients CERT.pem to encrypt the keys, or --verify --identity KEY.pem to test an escrow."
                    );
            }
        );
    }

    private static async Task<int> EncryptAsync(
        Workspace workspace,
        string path,
        IEnumerable<string> certificates,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var keys = new StateKeys(workspace.Environment);
        var stacks = StackNames.Waves(workspace.Platform).SelectMany(wave => wave).ToList();
        var escrowed = stacks.ToDictionary(stack => stack, stack => keys.Of(stack).Base64, StringComparer.Ordinal);
        var recipients = certificates.Select(Certificate).ToList();
        var text = KeyEscrow.Encrypt(workspace.Platform.Project, escrowed, recipients);
        var draft = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(draft, text, cancellation);
        File.Move(draft, path, overwrite: true);
        foreach (var recipient in recipients)
            output.Line(
                $"{path}: the keys of {stacks.Count} stacks, for {recipient.Subject} (until "
                    + $"{recipient.NotAfter.ToUniversalTime():yyyy-MM-dd})."
            );
        output.Line(
            "Keep the escrow in two places that do not depend on this platform, and test it: state escrow --verify "
                + "--identity KEY.pem."
        );
        output.Json(
            new { file = path, stacks = stacks.Select(stack => new { name = stack, fingerprint = keys.Of(stack).Fingerprint }) }
        );
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(
        Workspace workspace,
        string path,
        string identity,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        using var key = PrivateKey(identity);
        var escrowed = KeyEscrow.Open(await File.ReadAllTextAsync(path, cancellation), key);
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var results = new List<object>();
        var good = true;
        foreach (var stack in StackNames.Waves(workspace.Platform).SelectMany(wave => wave))
        {
            var found = await TryAsync(workspace, buckets, stack, escrowed.Keys.GetValueOrDefault(stack), cancellation);
            good &= found.Opens;
            results.Add(
                new
                {
                    name = stack,
                    found.Opens,
                    found.Says,
                }
            );
            output.Line($"{stack}: {found.Says}");
        }
        output.Line(
            good
                ? "Every escrowed key opens its state."
                : "NOT every state can be opened. Write a new escrow with the current keys."
        );
        output.Json(
            new
            {
                file = path,
                opens = good,
                stacks = results,
            }
        );
        return good ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<(bool Opens, string Says)> TryAsync(
        Workspace workspace,
        StateBuckets buckets,
        string stack,
        string? escrowed,
        CancellationToken cancellation
    )
    {
        if (escrowed is null || StateKey.TryParse(escrowed) is not { } key)
            return (false, "the escrow has no key for this stack");
        try
        {
            var state = await buckets.Live.ReadAsync(StateAddress.Of(workspace.Platform, stack).Key, [key], cancellation);
            return state is null
                ? (true, $"there is no state yet; the escrow has key {key.Fingerprint}")
                : (true, $"key {key.Fingerprint} opens the state ({state.Length} bytes)");
        }
        catch (StorageException exception) when (exception.Fault == StorageFault.StateKey)
        {
            return (false, $"key {key.Fingerprint} of the escrow does not open the state");
        }
    }

    private static X509Certificate2 Certificate(string file)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            return certificate.GetRSAPublicKey() is not null
                ? certificate
                : throw new UsageException($"--recipients {file}: its key is not RSA. Allowed: RSA of 2048 bits or more.");
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"--recipients {file}: {exception.Message} Give a certificate in PEM. To create one that is valid for 10 "
                    + "years: openssl req -x509 -newkey rsa:4096 -days 3650 -subj /CN=NAME -keyout KEY.pem -out CERT.pem"
            );
        }
    }

    private static RSA PrivateKey(string file)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            return key;
        }
        catch (Exception exception)
            when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new UsageException(
                $"--identity {file}: {exception.Message} Give an RSA private key in PEM without a passphrase."
            );
        }
    }
}
