using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>One object that exists in an account.</summary>
public sealed record AccountObject
{
    /// <summary>The provider's short name: linode, kubernetes or helm.</summary>
    public required string Provider { get; init; }

    /// <summary>The resource type: `linode_vpc`.</summary>
    public required string Type { get; init; }

    /// <summary>The id as Terraform knows it: `4711`, or `namespace/name`.</summary>
    public required string Id { get; init; }

    /// <summary>The label or name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Every attribute as the cloud answers it. Write-only arguments are not kept. Not to be edited in place.</summary>
    public required JsonObject Attributes { get; init; }

    /// <summary>What the configuration set of them, so that drift touches nothing else.</summary>
    public required JsonObject Configured { get; init; }

    /// <summary>`type/id`, unique in an account.</summary>
    public string Key => $"{Type}/{Id}";
}

/// <summary>One call that a provider answered.</summary>
/// <param name="Number">Its place in the account's log, from 1, over all processes.</param>
/// <param name="Operation">configure, validate, plan, create, read, update, delete, import or data.</param>
/// <param name="Type">The resource type, or the provider's name.</param>
/// <param name="Name">The label or name, empty where there is none.</param>
/// <param name="Outcome">`ok`, or the error that Terraform was given.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record Call(long Number, string Operation, string Type, string Name, string Outcome, long Milliseconds);
