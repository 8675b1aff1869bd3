using System.Text.Json.Nodes;
using InfraCdktf.Pipeline.Archive;
using InfraCdktf.Pipeline.Storage;
using InfraCdktf.Pipeline.Terraform;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Terraform;

/// <summary>Each reason why a stack needs another init, on a directory that looks initialized.</summary>
[Trait("Level", "pure")]
public sealed class InitRecordTests : IDisposable
{
    private const string Linode = "registry.terraform.io/linode/linode";

    private static readonly string[] s_configuration = ["stack", StackDirectory.FileName];

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment;

    public InitRecordTests()
    {
        _environment = new()
        {
            ["PATH"] = At("bin"),
            ["HOME"] = At("home"),
            [StateKeys.TerraformVariable] = StateKey.Generate().Base64,
            ["TF_CLI_ARGS_init"] = "-backend-config=endpoints={s3=\"http://127.0.0.1:1\"}",
            ["TF_VAR_size"] = "3",
        };
        Write(
            """
            {
              "terraform": {
                "backend": { "s3": { "bucket": "live", "key": "core/terraform.tfstate" } },
                "required_providers": { "linode": { "source": "linode/linode", "version": "3.13.0" } }
              },
              "provider": { "linode": [{}] },
              "resource": { "linode_vpc": { "main": { "label": "core" } } }
            }
            """,
            s_configuration
        );
        Write("provider \"registry.terraform.io/linode/linode\" {\n  version = \"3.13.0\"\n}\n", "stack", StackPackage.LockFile);
        Write("binary", "bin", OperatingSystem.IsWindows() ? "terraform.exe" : "terraform");
        Write("{\"backend\":{\"type\":\"s3\"}}", "stack", ".terraform", "terraform.tfstate");
        Write("binary", "stack", ".terraform", "providers", Linode, "3.13.0", "linux_amd64", "terraform-provider-linode_v3.13.0");
        Record().Write();
    }

    /// <summary>What changes, and the change.</summary>
    public static TheoryData<string> Reasons => [.. s_reasons.Keys];

    private static readonly Dictionary<string, Action<InitRecordTests>> s_reasons = new()
    {
        ["backend"] = test => test.Edit(json => json["terraform"]!["backend"]!["s3"]!["bucket"] = "other"),
        ["backend settings on the command line"] = test => test._environment["TF_CLI_ARGS_init"] = "-upgrade",
        ["what an init by hand stored"] = test => test.Write("{}", "stack", ".terraform", "terraform.tfstate"),
        ["no backend is stored"] = test => File.Delete(test.At("stack", ".terraform", "terraform.tfstate")),
        ["workspace by variable"] = test => test._environment["TF_WORKSPACE"] = "other",
        ["workspace"] = test => test.Write("other", "stack", ".terraform", "environment"),
        ["state key"] = test => test._environment[StateKeys.TerraformVariable] = StateKey.Generate().Base64,
        ["required version"] = test =>
            test.Edit(json => json["terraform"]!["required_providers"]!["linode"]!["version"] = "3.14.0"),
        ["provider without a requirement"] = test => test.Edit(json => json["resource"]!["random_pet"] = new JsonObject()),
        ["provider of a data source"] = test =>
            test.Edit(json => json["data"] = new JsonObject { ["http_x"] = new JsonObject() }),
        ["configured provider"] = test => test.Edit(json => json["provider"]!["helm"] = new JsonArray()),
        ["lock file"] = test => test.Write("provider \"x\" {\n  version = \"1\"\n}\n", "stack", StackPackage.LockFile),
        ["no lock file"] = test => File.Delete(test.At("stack", StackPackage.LockFile)),
        ["missing provider"] = test => Directory.Delete(test.At("stack", ".terraform", "providers"), recursive: true),
        ["empty provider"] = test =>
            File.Delete(
                test.At("stack", ".terraform", "providers", Linode, "3.13.0", "linux_amd64", "terraform-provider-linode_v3.13.0")
            ),
        ["attached providers"] = test =>
            test._environment["TF_REATTACH_PROVIDERS"] = "{\"registry.terraform.io/linode/linode\":{}}",
        ["unreadable attached providers"] = test => test._environment["TF_REATTACH_PROVIDERS"] = "{",
        ["other program"] = test => test.Write("other binary", "bin", "terraform"),
        ["newer program"] = test => File.SetLastWriteTimeUtc(test.At("bin", "terraform"), DateTime.UnixEpoch),
        ["script as the program"] = test => test.Write("#!/bin", "bin", "terraform"),
        ["no program"] = test => File.Delete(test.At("bin", "terraform")),
        ["user's settings"] = test => test.Write("plugin_cache_dir = \"/x\"", "home", ".terraformrc"),
        ["named settings"] = test => test._environment["TF_CLI_CONFIG_FILE"] = "/nowhere",
        ["plugin cache"] = test => test._environment["TF_PLUGIN_CACHE_DIR"] = "/x",
        ["modules"] = test => test.Edit(json => json["module"] = new JsonObject()),
        ["configuration in HCL"] = test => test.Write("", "stack", "more.tf"),
        ["configuration in another file"] = test =>
            test.Write("{\"terraform\":{\"backend\":{\"local\":{}}}}", "stack", "override.tf.json"),
        ["configuration that is not JSON"] = test => test.Write("{", s_configuration),
        ["removed record"] = test => test.Record().Remove(),
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Init_is_needed_after_a_change(string reason)
    {
        Assert.True(Record().IsCurrent);
        s_reasons[reason](this);
        Assert.False(Record().IsCurrent);
    }

    [Fact]
    public void Init_is_not_needed_after_other_changes()
    {
        Edit(json => json["resource"]!["linode_vpc"]!["main"]!["label"] = "other");
        Edit(json => json["resource"]!["linode_firewall"] = new JsonObject());
        _environment["TF_VAR_size"] = "4";
        _environment["TF_LOG"] = "trace";
        _environment["AWS_SECRET_ACCESS_KEY"] = "renewed";
        Write("""{"resource":{"linode_vpc":{}}}""", "stack", "zz_override.tf.json");

        Assert.True(Record().IsCurrent);
    }

    [Fact]
    public void Port_of_an_attached_provider_is_no_reason()
    {
        _environment["TF_REATTACH_PROVIDERS"] = """{"registry.terraform.io/linode/linode":{"Addr":{"String":"127.0.0.1:1"}}}""";
        Record().Write();
        Directory.Delete(At("stack", ".terraform", "providers"), recursive: true);
        _environment["TF_REATTACH_PROVIDERS"] = """{"registry.terraform.io/linode/linode":{"Addr":{"String":"127.0.0.1:2"}}}""";

        Assert.True(Record().IsCurrent);
    }

    [Fact]
    public void Record_has_no_key_and_no_value()
    {
        var record = File.ReadAllText(Directory.GetFiles(At("stack", ".terraform"), "infra-*").Single());

        Assert.Matches("^[0-9a-f]{64}$", record);
    }

    public void Dispose() => _directory.Dispose();

    private InitRecord Record() => new(At("stack"), At("stack", ".terraform"), _environment);

    private string At(params string[] parts) => Path.Combine([_directory.Path, .. parts]);

    private void Write(string content, params string[] parts)
    {
        var file = At(parts);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private void Edit(Action<JsonNode> edit)
    {
        var json = JsonNode.Parse(File.ReadAllText(At(s_configuration)))!;
        edit(json);
        Write(json.ToJsonString(), s_configuration);
    }
}
