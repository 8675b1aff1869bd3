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
    // Bits of an RSA key.
    private const int SmallestKey = 2048;

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
        var yes = new Option<bool>("--yes") { Description = "Replace FILE if it exists." };
        return context.Verb(
            "escrow",
            "Encrypt all state keys for recipients, or test that an escrow opens the states; exit 1 if one state cannot be "
                + "opened.",
            [file, recipients, verify, identity, yes],
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
                    ? await EncryptAsync(workspace, path, certificates, parsed.GetValue(yes), output, cancellation)
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
        bool replace,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        if (File.Exists(path) && !replace)
        {
            throw new UsageException(
                $"{path}: it exists, and it may be the only copy of the keys. Name another file, or add --yes to replace it."
            );
        }
        var recipients = certificates.Select(Certificate).ToList();
        var stacks = StackNames.Waves(workspace.Platform).SelectMany(wave => wave).ToList();
        var keys = await ProvenAsync(workspace, stacks, output, cancellation);
        var escrowed = keys.ToDictionary(key => key.Key, key => key.Value.Base64, StringComparer.Ordinal);
        var text = KeyEscrow.Encrypt(workspace.Platform.Project, escrowed, recipients);
        var draft = $"{path}.{Guid.NewGuid():N}";
        await File.WriteAllTextAsync(draft, text, cancellation);
        try
        {
            // The proof of the keys takes seconds; another run may have written FILE meanwhile.
            File.Move(draft, path, overwrite: replace);
        }
        catch (IOException)
        {
            File.Delete(draft);
            throw;
        }
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
            new { file = path, stacks = stacks.Select(stack => new { name = stack, fingerprint = keys[stack].Fingerprint }) }
        );
        return ExitCode.Done;
    }

    /// <summary>The key of each stack, after it has opened the stack's live state.</summary>
    /// <exception cref="PipelineException">A key is missing or opens nothing; the message names every such stack.</exception>
    private static async Task<IReadOnlyDictionary<string, StateKey>> ProvenAsync(
        Workspace workspace,
        IReadOnlyList<string> stacks,
        CommandOutput output,
        CancellationToken cancellation
    )
    {
        var keys = new StateKeys(workspace.Environment);
        using var buckets = StateBuckets.Open(workspace.Platform, workspace.Environment);
        var (proven, problems) = (new Dictionary<string, StateKey>(StringComparer.Ordinal), new List<string>());
        foreach (var stack in stacks)
        {
            if (keys.OwnOf(stack) is not { } key)
            {
                problems.Add($"{stack}: {StateKeys.VariableOf(stack)} is not set");
                continue;
            }
            var address = StateAddress.Of(workspace.Platform, stack);
            var problem = await StateProtections.LookAsync(buckets.Live, address, key, cancellation) switch
            {
                StateProtection.Encrypted => null,
                StateProtection.Absent => "",
                StateProtection.Clear => $"its live state is not encrypted; run \"state rekey {stack}\"",
                _ => $"key {key.Fingerprint} in {StateKeys.VariableOf(stack)} does not open its live state",
            };
            if (problem is "")
                output.Line($"{stack}: there is no state yet, so key {key.Fingerprint} could not be tested.");
            if (problem is { Length: > 0 })
                problems.Add($"{stack}: {problem}");
            proven[stack] = key;
        }
        return problems.Count == 0
            ? proven
            : throw new PipelineException(
                "The escrow was not written, because a copy of these keys would open nothing:\n  "
                    + $"{string.Join("\n  ", problems)}\nSet each stack's own key, then run the command again."
            );
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
            var state = await buckets.Live.DigestAsync(StateAddress.Of(workspace.Platform, stack).Key, [key], cancellation);
            return state is null
                ? (true, $"there is no state yet; the escrow has key {key.Fingerprint}")
                : (true, $"key {key.Fingerprint} opens the state ({state.Value.Size} bytes)");
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
            using var key = certificate.GetRSAPublicKey();
            return key?.KeySize >= SmallestKey
                ? certificate
                : throw new UsageException(
                    $"--recipients {file}: its key is {(key is null ? "not RSA" : $"RSA of {key.KeySize} bits")}; allowed: RSA "
                        + $"of {SmallestKey} bits or more. Give another certificate."
                );
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
            if (!PrivateFiles.IsPrivate(file))
            {
                throw new UsageException(
                    $"--identity {file}: other users can read it; allowed: only its owner. Run \"chmod 600 {file}\". If "
                        + "somebody may have read it, make a new key and a new escrow."
                );
            }
            key.ImportFromPem(File.ReadAllText(file));
            return key.KeySize >= SmallestKey
                ? key
                : throw new UsageException(
                    $"--identity {file}: RSA of {key.KeySize} bits; allowed: {SmallestKey} bits or more. Give the key of a "
                        + "recipient."
                );
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
