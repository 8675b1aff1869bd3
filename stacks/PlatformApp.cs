using HashiCorp.Cdktf;
using InfraCdktf.Constructs.Services;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;

namespace InfraCdktf.Stacks;

/// <summary>The composition root: an inventory in, six stacks (one more for each further environment) out.</summary>
public static class PlatformApp
{
    /// <summary>
    /// Writes <c>{outputDirectory}/stacks/{stack}/cdk.tf.json</c> and the manifest that cdktf-cli reads. Throws
    /// <see cref="InventoryException"/> with every problem before a construct exists. The same inventory gives the same bytes: no
    /// clock, random number, network or environment variable is read.
    /// </summary>
    public static void Synth(PlatformSpec platform, string outputDirectory)
    {
        Check(platform);
        Write(platform, outputDirectory);
    }

    /// <summary>The first half of <see cref="Synth"/>: throws <see cref="InventoryException"/> with every problem.</summary>
    public static void Check(PlatformSpec platform) => InventoryCheck.Require(platform, SharedServices.Needs(platform));

    /// <summary>The second half of <see cref="Synth"/>.</summary>
    /// <param name="platform">The inventory, checked.</param>
    /// <param name="outputDirectory">The directory.</param>
    public static void Write(PlatformSpec platform, string outputDirectory)
    {
        var app = new App(
            new AppConfig
            {
                Outdir = outputDirectory,
                StackTraces = false,
                HclOutput = false,
            }
        );
        Compose(app, platform);
        app.Synth();
    }

    /// <summary>Adds all stacks to an app.</summary>
    public static void Compose(App app, PlatformSpec platform)
    {
        var state = new StateStack(app, platform);
        var core = new CoreStack(app, platform);
        // Before system, which derives the rights of each pipeline from the stack.
        EnvironmentStack[] environments =
        [
            .. platform.Applications.Select(environment => new EnvironmentStack(app, platform, environment)),
        ];
        var system = new SystemStack(app, platform, environments);
        // The order of the waves (StackNames.Waves), for cdktf-cli: the manifest has it, the stacks' JSON does not.
        core.AddDependency(state);
        system.AddDependency(core);
        foreach (var environment in environments)
            environment.AddDependency(system);
    }
}
