using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.State;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.State;

/// <summary>state rekey and state escrow.</summary>
[Trait("Level", "real")]
public sealed class KeyTests : IDisposable
{
    private const string Stack = "system";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Rekey_continues_after_an_interruption_at_any_object()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes")).Code);
        var (old, today) = (new StateKeys(sandbox.Workspace.Environment).Of(Stack), StateKey.Generate());
        var both = With(sandbox.Workspace, (StateKeys.VariableOf(Stack), today), (StateKeys.PreviousVariableOf(Stack), old));

        var objects = 0;
        for (var interrupted = true; interrupted; )
        {
            using var buckets = StateBuckets.Open(sandbox.Platform, both.Environment);
            var steps = 0;
            var rekeying = new StateRekeying(buckets, sandbox.Platform, Stack)
            {
                // The interruption comes one object later each time.
                Progress = (done, all) =>
                {
                    if (++steps > objects && done < all)
                        throw new OperationCanceledException();
                },
            };
            try
            {
                var result = await rekeying.RunAsync(CancellationToken.None);
                interrupted = false;
                Assert.Equal(today.Fingerprint, result.Fingerprint);
                Assert.True(result.KeptWithOldKey > 0, "audit records are locked, so they keep the old key");
            }
            catch (OperationCanceledException)
            {
                objects++;
            }
            // Until the rekey is complete, both keys are accepted.
            Assert.Equal(0, (await sandbox.RunAsync($"state show {Stack} last-good", both)).Code);
        }
        Assert.Equal(0, (await sandbox.RunAsync($"state rekey {Stack}", both)).Code);

        var after = With(sandbox.Workspace, (StateKeys.VariableOf(Stack), today));
        Assert.Equal(0, (await sandbox.RunAsync($"state show {Stack} last-good", after)).Code);
        Assert.Equal(0, (await sandbox.RunAsync($"drift {Stack}", after)).Code);
        Assert.NotEqual(0, (await sandbox.RunAsync($"drift {Stack}")).Code);
        using var opened = StateBuckets.Open(sandbox.Platform, after.Environment);
        var archive = StateArchive.Of(after, opened);
        Assert.All(
            await archive.ListAsync(Stack, CancellationToken.None),
            entry => Assert.Equal(today.Fingerprint, entry.Manifest.KeyFingerprint)
        );
        Assert.NotEmpty(await archive.Audit.ListAsync(Stack, CancellationToken.None));
    }

    [Fact]
    public async Task Rekey_names_the_variables_when_keys_are_missing_or_equal()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var key = new StateKeys(sandbox.Workspace.Environment).Of(Stack);

        var none = await sandbox.RunAsync($"state rekey {Stack}");
        var same = await sandbox.RunAsync(
            $"state rekey {Stack}",
            With(sandbox.Workspace, (StateKeys.VariableOf(Stack), key), (StateKeys.PreviousVariableOf(Stack), key))
        );

        Assert.Contains("STATE_KEY_SYSTEM_PREVIOUS", none.Error, StringComparison.Ordinal);
        Assert.Contains("are the same key", same.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Base64, none.Error + same.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escrow_opens_for_each_recipient_and_for_openssl()
    {
        DebianTools.Require("openssl", "openssl");
        await using var sandbox = await SandboxFixture.StartAsync();
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes")).Code);
        var (escrow, one, two) = (Path.Combine(_directory.Path, "keys.pem"), Recipient("one"), Recipient("two"));
        var keys = new StateKeys(sandbox.Workspace.Environment);

        var made = await sandbox.RunAsync($"state escrow --recipients {one}.crt --recipients {two}.crt {escrow}");
        var tried = await sandbox.RunAsync($"state escrow --verify --identity {two}.key {escrow}");
        var opened = DebianTools.Run(
            "openssl",
            ["cms", "-decrypt", "-inform", "PEM", "-in", escrow, "-recip", $"{one}.crt", "-inkey", $"{one}.key"]
        );

        Assert.Equal((0, ""), (made.Code, made.Error));
        Assert.True(tried.Code == 0, tried.Output + tried.Error);
        Assert.Contains($"{Stack}: key {keys.Of(Stack).Fingerprint} opens the state", tried.Output, StringComparison.Ordinal);
        Assert.Equal(keys.Of(Stack).Base64, JsonNode.Parse(opened.Output)!["keys"]![Stack]!.GetValue<string>());
        Assert.DoesNotContain(
            keys.Of(Stack).Base64,
            made.Output + tried.Output + File.ReadAllText(escrow),
            StringComparison.Ordinal
        );

        // The key was changed after the escrow was written: the test of the escrow fails.
        var stale = With(sandbox.Workspace, (StateKeys.VariableOf(Stack), StateKey.Generate()));
        Assert.Equal(0, (await sandbox.RunAsync($"state escrow --recipients {one}.crt {escrow}", stale)).Code);
        var broken = await sandbox.RunAsync($"state escrow --verify --identity {one}.key {escrow}");
        Assert.Equal(ExitCode.Failed, broken.Code);
        Assert.Contains("does not open the state", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Escrow_refuses_another_key_and_an_invalid_file()
    {
        using var certificate = X509Certificate2.CreateFromPemFile(
            $"{Recipient("one")}.crt",
            Path.Combine(_directory.Path, "one.key")
        );
        var text = KeyEscrow.Encrypt("infra", new Dictionary<string, string> { ["core"] = "secret" }, [certificate]);
        using var other = RSA.Create(2048);
        using var own = certificate.GetRSAPrivateKey()!;

        Assert.Equal("secret", KeyEscrow.Open(text, own).Keys["core"]);
        Assert.Contains(
            "belongs to no recipient",
            Assert.Throws<PipelineException>(() => KeyEscrow.Open(text, other)).Message,
            StringComparison.Ordinal
        );
        foreach (var broken in (string[])["", "nothing", text.Replace("MII", "AAA", StringComparison.Ordinal)])
            Assert.Contains(
                "not a valid escrow",
                Assert.Throws<PipelineException>(() => KeyEscrow.Open(broken, own)).Message,
                StringComparison.Ordinal
            );
    }

    private static Workspace With(Workspace workspace, params (string Variable, StateKey Key)[] keys)
    {
        var environment = new Dictionary<string, string>(workspace.Environment);
        foreach (var (variable, key) in keys)
            environment[variable] = key.Base64;
        return workspace with { Environment = environment };
    }

    private string Recipient(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        var path = Path.Combine(_directory.Path, name);
        File.WriteAllText($"{path}.crt", certificate.ExportCertificatePem());
        File.WriteAllText($"{path}.key", key.ExportPkcs8PrivateKeyPem());
        return path;
    }
}
