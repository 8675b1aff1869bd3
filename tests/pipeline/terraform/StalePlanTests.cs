using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Terraform;

/// <summary>
/// What the approval of a plan is worth: Terraform applies a saved plan only to the state that it was made from.
/// </summary>
[Trait("Level", "real")]
public sealed class StalePlanTests
{
    [Fact]
    public void Saved_plan_is_refused_after_another_apply()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("main.tf.json", """{"resource":{"terraform_data":{"first":{"input":"a"}}}}""");
        ToolResult Run(params string[] arguments) =>
            DebianTools.Run("env", ["CHECKPOINT_DISABLE=1", "terraform", .. arguments], directory.Path);

        Assert.Equal(0, Run("init", "-input=false", "-no-color").ExitCode);
        Assert.Equal(0, Run("plan", "-out=approved", "-input=false", "-no-color").ExitCode);
        Assert.Equal(0, Run("plan", "-out=other", "-input=false", "-no-color").ExitCode);
        Assert.Equal(0, Run("apply", "-input=false", "-no-color", "other").ExitCode);
        var state = File.ReadAllText(Path.Combine(directory.Path, "terraform.tfstate"));

        var refused = Run("apply", "-input=false", "-no-color", "approved");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Saved plan is stale", refused.Output + refused.Errors);
        Assert.Equal(state, File.ReadAllText(Path.Combine(directory.Path, "terraform.tfstate")));
    }
}
