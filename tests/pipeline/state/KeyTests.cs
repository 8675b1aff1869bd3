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
            Assert.Equal(0, (await sandbox.RunAsync($"archive show {Stack} last-good", both)).Code);
        }
        Assert.Equal(0, (await sandbox.RunAsync($"state rekey {Stack}", both)).Code);

        var after = With(sandbox.Workspace, (StateKeys.VariableOf(Stack), today));
        Assert.Equal(0, (await sandbox.RunAsync($"archive show {Stack} last-good", after)).Code);
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
    public async Task Rekey_encrypts_a_state_in_clear_without_a_previous_key()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes")).Code);
        await sandbox.RewriteInClearAsync(Stack);
        var red = await sandbox.RunAsync($"state doctor {Stack}");
        Assert.Contains($"WRONG  encryption of {Stack}: its live state can be read without a key.", red.Output);
        Assert.Contains($"\"state rekey {Stack}\" writes the state encrypted.", red.Output, StringComparison.Ordinal);

        var (code, output, error) = await sandbox.RunAsync($"state rekey {Stack}");

        Assert.True(code == 0, error);
        Assert.Contains($"{Stack}: 1 object(s) written with key", output, StringComparison.Ordinal);
        var green = await sandbox.RunAsync($"state doctor {Stack}");
        Assert.True(green.Code == 0, green.Output);
        Assert.Equal(0, (await sandbox.RunAsync($"drift {Stack}")).Code);
    }

    [Fact]
    public async Task Doctor_reports_archived_objects_in_clear_and_rekey_repairs()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes")).Code);
        using var buckets = StateBuckets.Open(sandbox.Platform, sandbox.Workspace.Environment);
        var archived = await buckets.Archive.ListAsync($"{Stack}/entries/", default).Select(item => item.Key).ToListAsync();
        var audit = await buckets.Archive.ListAsync($"audit/{Stack}/", default).Select(item => item.Key).FirstAsync();
        foreach (var key in archived.Append(audit))
            await RewriteInClearAsync(buckets, key);

        var red = await sandbox.RunAsync($"state doctor {Stack}");
        Assert.Equal(ExitCode.Failed, red.Code);
        Assert.Contains(
            $"WRONG  archive encryption of {Stack}: 4 archived object(s) can be read without a key. ",
            red.Output,
            StringComparison.Ordinal
        );
        Assert.Contains($"run \"state rekey {Stack}\"", red.Output, StringComparison.Ordinal);

        var (code, output, error) = await sandbox.RunAsync($"state rekey {Stack}");

        Assert.True(code == 0, error);
        Assert.Contains($"{Stack}: 4 object(s) written with key", output, StringComparison.Ordinal);
        var green = await sandbox.RunAsync($"state doctor {Stack}");
        Assert.True(green.Code == 0, green.Output);
        Assert.Contains($"good   archive encryption of {Stack}: ", green.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await sandbox.RunAsync($"archive show {Stack} last-good")).Code);
    }

    // As a copy with another S3 client does.
    private static async Task RewriteInClearAsync(StateBuckets buckets, string key)
    {
        var content = await buckets.Archive.ReadAsync(key, buckets.Keys.AllOf(Stack), default);
        await buckets.Archive.Client.PutObjectAsync(
            new()
            {
                BucketName = buckets.Archive.Address.Name,
                Key = key,
                InputStream = new MemoryStream(content!),
                UseChunkEncoding = false,
            }
        );
    }

    [Fact]
    public async Task Doctor_reports_audit_records_with_the_previous_key()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes")).Code);
        var today = StateKey.Generate();
        var both = With(
            sandbox.Workspace,
            (StateKeys.VariableOf(Stack), today),
            (StateKeys.PreviousVariableOf(Stack), new StateKeys(sandbox.Workspace.Environment).Of(Stack))
        );
        using var buckets = StateBuckets.Open(sandbox.Platform, both.Environment);
        var (done, all) = (0, 0);
        var rekeying = new StateRekeying(buckets, sandbox.Platform, Stack)
        {
            // The last object is an audit record.
            Progress = (now, total) =>
            {
                (done, all) = (now, total);
                if (now == total - 1)
                    throw new OperationCanceledException();
            },
        };
        await Assert.ThrowsAsync<OperationCanceledException>(() => rekeying.RunAsync(CancellationToken.None));
        Assert.True(done < all);

        var red = await sandbox.RunAsync($"state doctor {Stack}", both);
        Assert.Equal(ExitCode.Failed, red.Code);
        Assert.Contains("0 archived version(s) and 1 audit record(s) are encrypted with another key", red.Output);

        Assert.Equal(0, (await sandbox.RunAsync($"state rekey {Stack}", both)).Code);
        var green = await sandbox.RunAsync($"state doctor {Stack}", both);
        Assert.True(green.Code == 0, green.Output);
    }

    [Fact]
    public async Task Rekey_fails_for_an_object_that_it_may_not_delete()
    {
        await using var sandbox = await SandboxFixture.StartOnRgwAsync();
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes")).Code);
        using var owner = KeyedWorkspace.Buckets(sandbox.Workspace);
        var limited = await (await Rgw.RequireAsync()).LimitedKeyAsync(
            ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
            owner.Archive.Address
        );
        var workspace = With(
            sandbox.Workspace,
            (StateKeys.VariableOf(Stack), StateKey.Generate()),
            (StateKeys.PreviousVariableOf(Stack), new StateKeys(sandbox.Workspace.Environment).Of(Stack))
        );
        using var buckets = StateBuckets.Open(
            sandbox.Platform,
            new Dictionary<string, string>(workspace.Environment)
            {
                ["ARCHIVE_ACCESS_KEY_ID"] = limited.AccessKey,
                ["ARCHIVE_SECRET_ACCESS_KEY"] = limited.SecretKey,
            }
        );

        var error = await Assert.ThrowsAsync<StorageException>(() =>
            new StateRekeying(buckets, sandbox.Platform, Stack).RunAsync(CancellationToken.None)
        );

        Assert.Equal(StorageFault.Forbidden, error.Fault);
        Assert.Contains("cannot delete", error.Message, StringComparison.Ordinal);
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
        var workspace = KeyedWorkspace.Of(sandbox);
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes", workspace)).Code);
        var (escrow, one, two) = (Path.Combine(_directory.Path, "keys.pem"), Recipient("one"), Recipient("two"));
        var keys = new StateKeys(workspace.Environment);

        var made = await sandbox.RunAsync($"state escrow --recipients {one}.crt --recipients {two}.crt {escrow}", workspace);
        var tried = await sandbox.RunAsync($"state escrow --verify --identity {two}.key {escrow}", workspace);
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

        // The key is changed after the escrow was written: the test of the escrow fails.
        var changed = With(
            workspace,
            (StateKeys.VariableOf(Stack), StateKey.Generate()),
            (StateKeys.PreviousVariableOf(Stack), keys.Of(Stack))
        );
        Assert.Equal(0, (await sandbox.RunAsync($"state rekey {Stack}", changed)).Code);
        var broken = await sandbox.RunAsync($"state escrow --verify --identity {one}.key {escrow}", changed);
        Assert.Equal(ExitCode.Failed, broken.Code);
        Assert.Contains("does not open the state", broken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escrow_with_unproven_keys_keeps_the_good_copy()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = KeyedWorkspace.Of(sandbox);
        Assert.Equal(0, (await sandbox.RunAsync($"deploy {Stack} --yes", workspace)).Code);
        var (escrow, one) = (Path.Combine(_directory.Path, "keys.pem"), Recipient("one"));
        var command = $"state escrow --recipients {one}.crt {escrow}";
        Assert.Equal(0, (await sandbox.RunAsync(command, workspace)).Code);
        var good = await File.ReadAllTextAsync(escrow);

        var twice = await sandbox.RunAsync(command, workspace);
        Assert.Equal(ExitCode.Usage, twice.Code);
        Assert.Contains("it may be the only copy of the keys", twice.Error, StringComparison.Ordinal);

        var wrong = StateKey.Generate();
        var unproven = await sandbox.RunAsync($"{command} --yes", With(workspace, (StateKeys.VariableOf(Stack), wrong)));
        Assert.Equal(ExitCode.Failed, unproven.Code);
        Assert.Contains(
            $"  {Stack}: key {wrong.Fingerprint} in STATE_KEY_SYSTEM does not open its live state",
            unproven.Error,
            StringComparison.Ordinal
        );

        // The sandbox sets AWS_SSE_CUSTOMER_KEY.
        var fallback = await sandbox.RunAsync($"{command} --yes");
        Assert.Equal(ExitCode.Failed, fallback.Code);
        Assert.Contains($"  {Stack}: STATE_KEY_SYSTEM is not set", fallback.Error, StringComparison.Ordinal);
        Assert.Equal(good, await File.ReadAllTextAsync(escrow));

        Assert.Equal(0, (await sandbox.RunAsync($"{command} --yes", workspace)).Code);
        Assert.NotEqual(good, await File.ReadAllTextAsync(escrow));
    }

    [Fact]
    public async Task Escrow_does_not_replace_a_file_that_appears_meanwhile()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = KeyedWorkspace.Of(sandbox);
        var (escrow, one) = (Path.Combine(_directory.Path, "keys.pem"), Recipient("one"));
        var files = Directory.GetFiles(_directory.Path).Length;
        var error = new StringWriter();

        // No stack has a state; the command says so before it writes.
        var code = await CommandLine.RunAsync(
            ["state", "escrow", "--recipients", $"{one}.crt", escrow],
            () => workspace,
            new Acting(() => File.WriteAllText(escrow, "of another run")),
            error
        );

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(escrow, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("of another run", await File.ReadAllTextAsync(escrow));
        Assert.Equal(files + 1, Directory.GetFiles(_directory.Path).Length);
    }

    // Does something each time a line is written.
    private sealed class Acting(Action act) : StringWriter
    {
        public override void WriteLine(string? value) => act();
    }

    [Fact]
    public async Task Escrow_refuses_a_weak_key_and_a_key_file_of_others()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = KeyedWorkspace.Of(sandbox);
        var (escrow, one, weak) = (Path.Combine(_directory.Path, "keys.pem"), Recipient("one"), Recipient("weak", 1024));

        var small = await sandbox.RunAsync($"state escrow --recipients {weak}.crt {escrow}", workspace);
        Assert.Equal(ExitCode.Usage, small.Code);
        Assert.Contains("its key is RSA of 1024 bits; allowed: RSA of 2048 bits or more", small.Error);
        Assert.False(File.Exists(escrow));

        Assert.Equal(0, (await sandbox.RunAsync($"state escrow --recipients {one}.crt {escrow}", workspace)).Code);
        // The mode of a link is that of its file.
        var link = Path.Combine(_directory.Path, "link.key");
        File.CreateSymbolicLink(link, $"{one}.key");
        var linked = await sandbox.RunAsync($"state escrow --verify --identity {link} {escrow}", workspace);
        Assert.True(linked.Code == ExitCode.Done, linked.Error);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode($"{one}.key", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var open = await sandbox.RunAsync($"state escrow --verify --identity {one}.key {escrow}", workspace);
        Assert.Equal(ExitCode.Usage, open.Code);
        Assert.Contains($"other users can read it; allowed: only its owner. Run \"chmod 600 {one}.key\".", open.Error);
        var weakKey = await sandbox.RunAsync($"state escrow --verify --identity {weak}.key {escrow}", workspace);
        Assert.Contains("RSA of 1024 bits; allowed: 2048 bits or more", weakKey.Error, StringComparison.Ordinal);
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

    private string Recipient(string name, int size = 2048)
    {
        using var key = RSA.Create(size);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        var path = Path.Combine(_directory.Path, name);
        File.WriteAllText($"{path}.crt", certificate.ExportCertificatePem());
        using (var file = PrivateFiles.Create($"{path}.key"))
            file.Write(System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        return path;
    }
}
