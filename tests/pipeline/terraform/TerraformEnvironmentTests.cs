using System.Text.Json.Nodes;
using InfraCdktf.Environments.Naming;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Tests.Pipeline.Processes;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Terraform;

/// <summary>No variable of the caller changes what a command does.</summary>
[Trait("Level", "real")]
public sealed class TerraformEnvironmentTests
{
    [Theory]
    [InlineData("deploy state core --yes", "TF_WORKSPACE", "blue")]
    [InlineData("drift core", "TF_CLI_ARGS_plan", "-refresh=false")]
    [InlineData("plan core", "TF_DATA_DIR", "/elsewhere")]
    [InlineData("destroy core --yes --confirm infra", "KUBE_CTX", "other")]
    [InlineData("rollback core --to last-good --yes", "TF_REATTACH_PROVIDERS", "{}")]
    [InlineData("state recover core", "TF_CLI_ARGS", "-lock=false")]
    [InlineData("state restore core last-good", "TF_WORKSPACE", "blue")]
    public async Task Command_with_a_refused_variable_does_nothing(string command, string variable, string value)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = With(sandbox, (variable, value)) with
        {
            Synthesize = (_, _) => Assert.Fail("synthesized"),
            Called = call => Assert.Fail($"terraform {call.Arguments[0]}"),
        };

        var (code, output, error) = await sandbox.RunAsync(command, workspace);

        Assert.Equal((ExitCode.Usage, ""), (code, output));
        Assert.StartsWith($"{variable}: set in your environment; allowed: ", error, StringComparison.Ordinal);
        Assert.Empty(sandbox.Sandbox.Account.Objects);
        Assert.Empty(sandbox.Sandbox.ObjectStore.List(sandbox.Platform.State.Bucket));
    }

    [Fact]
    public async Task Command_with_another_store_than_the_backend_does_nothing()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = With(
            sandbox,
            (BucketAddress.EndpointVariable, "https://s3.example.com"),
            (BucketAddress.RedirectVariable, "")
        ) with
        {
            Called = call => Assert.Fail($"terraform {call.Arguments[0]}"),
        };

        foreach (var command in (string[])["deploy core --yes", "backup core", "state doctor core", "archive list core"])
        {
            var (code, _, error) = await sandbox.RunAsync(command, workspace);

            Assert.Equal(ExitCode.Failed, code);
            Assert.StartsWith("AWS_ENDPOINT_URL_S3: given https://s3.example.com; allowed: ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bucket", "older-terraform-state")]
    [InlineData("key", "blue/core/terraform.tfstate")]
    [InlineData("endpoints", "https://us-ord-1.linodeobjects.com")]
    public async Task Older_synthesis_with_another_backend_does_nothing(string name, string value)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = sandbox.Workspace with { Called = call => Assert.Fail($"terraform {call.Arguments[0]}") };
        SmallPlatform.Synthesize(
            workspace.Platform,
            workspace.Output,
            (_, configuration) =>
                configuration["terraform"]!["backend"]!["s3"]![name] =
                    name == "endpoints" ? new JsonObject { ["s3"] = value } : value
        );

        foreach (var command in (string[])["deploy core --yes --skip-synth", "drift core --skip-synth"])
        {
            var (code, _, error) = await sandbox.RunAsync(command, workspace);

            Assert.Equal(ExitCode.Failed, code);
            Assert.StartsWith($"stack core: {name}", error, StringComparison.Ordinal);
            Assert.Contains($"given \"{value}\"; allowed: ", error, StringComparison.Ordinal);
        }
        Assert.Empty(sandbox.Sandbox.Account.Objects);
    }

    [Fact]
    public async Task Dropped_variable_is_named_once_and_has_no_effect()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var log = Path.Combine(sandbox.Directory, "terraform.log");

        var (code, _, error) = await sandbox.RunAsync(
            "deploy state core --yes",
            With(sandbox, ("TF_LOG", "trace"), ("TF_LOG_PATH", log))
        );

        Assert.Equal(ExitCode.Done, code);
        const string because =
            " is not passed to Terraform. Terraform's log has secret values. To see a log, run terraform by hand in the stack's "
            + "directory.\n";
        Assert.Equal($"TF_LOG{because}TF_LOG_PATH{because}", error);
        Assert.False(File.Exists(log));
    }

    [Theory]
    [InlineData("terraform", "plan development --skip-synth")]
    [InlineData("kubectl", "nodes cordon node --reason test")]
    public async Task Program_gets_only_the_variables_of_the_rules(string program, string command)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        SmallPlatform.Synthesize(sandbox.Platform, sandbox.Workspace.Output);
        var seen = Path.Combine(sandbox.Directory, "seen");
        var programs = Directory.CreateDirectory(Path.Combine(sandbox.Directory, "programs")).FullName;
        var file = Path.Combine(programs, program);
        // The shell of the script adds the three variables.
        await File.WriteAllTextAsync(
            file,
            "#!/bin/sh\n[ \"$1\" = version ] && exec echo Terraform v1.11.4\n"
                + $"env | cut -d= -f1 | grep -v -e ^PWD$ -e ^_$ -e ^SHLVL$ >{seen}\nexit 1\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var workspace = With(
            sandbox,
            [
                .. VariableTable.Unrefused.Except(["PATH", "HOME", "TMPDIR"]).Select(name => (name, "given")),
                ("PATH", $"{programs}:{sandbox.Workspace.Environment["PATH"]}"),
                ("STATE_KEY_DEVELOPMENT", StateKey.Generate().Base64),
                ("STATE_KEY_CORE", StateKey.Generate().Base64),
                ("KUBECONFIG", sandbox.Sandbox.Environment["KUBECONFIG"]),
                ("KUBE_CONFIG_PATH", sandbox.Sandbox.Environment["KUBE_CONFIG_PATH"]),
                ("TF_VAR_password", "correct horse"),
                ("TF_VAR_other", "of another stack"),
                (BucketAddress.EndpointVariable, sandbox.Sandbox.Environment[BucketAddress.EndpointVariable]),
                ("LINODE_URL", sandbox.Sandbox.Environment["LINODE_URL"]),
            ]
        );

        using var process = ProgramProcess.Start(command, workspace);
        var result = await process.EndAsync();

        Assert.True(result.ExitCode == ExitCode.Failed, result.Output + result.Error);
        var everywhere = VariableTable.ReachTerraform.TakeWhile(name => name != "TF_VAR_name").ToList();
        var expected =
            program == "terraform"
                ? VariableTable
                    .ReachTerraform.Where(name => name != "TF_VAR_name")
                    .Concat(["TF_VAR_password", "TF_REATTACH_PROVIDERS", "TF_CLI_ARGS_init", "TF_WORKSPACE", "TF_DATA_DIR"])
                : [.. everywhere, "KUBECONFIG", "KUBECACHEDIR"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), File.ReadAllLines(seen).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Empty_variable_counts_as_not_set()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var workspace = With(sandbox, ("KUBECONFIG", ""), ("TF_VAR_password", ""), ("TF_WORKSPACE", ""));

        var (code, _, error) = await sandbox.RunAsync("deploy development --yes", workspace);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("password: a secret; set TF_VAR_password in the environment", error, StringComparison.Ordinal);
        Assert.DoesNotContain("KUBECONFIG", workspace.Environment.Keys);
    }

    private static Workspace With(SandboxFixture sandbox, params IEnumerable<(string Name, string Value)> variables)
    {
        var environment = new Dictionary<string, string>(sandbox.Workspace.Environment);
        foreach (var (name, value) in variables)
            environment[name] = value;
        return sandbox.Workspace with { Environment = environment };
    }
}
