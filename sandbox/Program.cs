using System.CommandLine;
using System.Text.Json;
using InfraCdktf.Sandbox;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Commands;

var directory = new Option<string>("--directory") { Description = "The directory of the account", Required = true };
var faults = new Option<string[]>("--fault")
{
    Description = "A fault or a list of faults as JSON, or @FILE that holds it; repeatable",
    DefaultValueFactory = _ => [],
};
var buckets = new Option<string[]>("--bucket")
{
    Description = "A bucket that exists from the start; repeatable",
    DefaultValueFactory = _ => [],
};
faults.Validators.Add(result =>
{
    foreach (var token in result.Tokens)
    {
        try
        {
            Fault.Read(token.Value);
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
        }
    }
});
var command = new Argument<string[]>("command")
{
    Description = "The command and its arguments, after --",
    Arity = ArgumentArity.OneOrMore,
};
var seed = new Option<int>("--seed") { Description = "Selects the object and the change", Required = true };

var run = new Command("run", "Runs a command against the sandbox instead of the real cloud")
{
    directory,
    faults,
    buckets,
    command,
};
run.SetAction(
    (result, ct) =>
        RunCommand.RunAsync(
            new SandboxOptions
            {
                Directory = result.GetRequiredValue(directory),
                Faults = [.. result.GetRequiredValue(faults).SelectMany(Fault.Read)],
                Buckets = result.GetRequiredValue(buckets),
            },
            result.GetRequiredValue(command),
            ct
        )
);

var record = new Option<string>("--record") { Description = "The directory whose commands may use the sandbox", Required = true };
var serve = new Command("serve", "Runs a sandbox in the background until SIGTERM, for the program that starts it")
{
    directory,
    faults,
    record,
};
serve.SetAction(
    (result, ct) =>
        ServeCommand.RunAsync(
            new SandboxOptions
            {
                Directory = result.GetRequiredValue(directory),
                Faults = [.. result.GetRequiredValue(faults).SelectMany(Fault.Read)],
            },
            result.GetRequiredValue(record),
            ct
        )
);

var account = new Option<DirectoryInfo>("--directory")
{
    Description = "The directory of the account",
    Required = true,
}.AcceptExistingOnly();

var objects = new Command("objects", "Prints the objects of an account as JSON") { account };
objects.SetAction(result =>
{
    var found = new Account(result.GetRequiredValue(account).FullName).Objects;
    Console.WriteLine(JsonSerializer.Serialize(found, RunCommand.Json));
});

var drift = new Command("drift", "Changes or deletes one object outside Terraform") { account, seed };
drift.SetAction(result =>
{
    try
    {
        Console.WriteLine(new Account(result.GetRequiredValue(account).FullName).ChangeOutside(result.GetRequiredValue(seed)));
        return 0;
    }
    catch (InvalidOperationException nothing)
    {
        Console.Error.WriteLine($"sandbox drift: {nothing.Message}");
        return 1;
    }
});

return await new RootCommand("A stand-in cloud for the real Terraform") { run, serve, objects, drift }
    // --fault reads "@FILE" itself: System.CommandLine must not expand it as a response file.
    .Parse(args, new() { ResponseFileTokenReplacer = null })
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
