using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Accounts;

/// <summary>One object that exists in an account.</summary>
public sealed record AccountObject
{
    /// <summary>The provider's short name: linode, kubernetes or helm.</summary>
    public required string Provider { get; init; }

    /// <summary>The resource type: `linode_vpc`.</summary>
    public required string Type { get; init; }

    /// <summary>The id in Terraform's form: `4711`, or `namespace/name`.</summary>
    public required string Id { get; init; }

    /// <summary>The label or name, for display.</summary>
    public required string Name { get; init; }

    /// <summary>All attributes as the cloud answers them, without write-only arguments. Do not edit them in place.</summary>
    public required JsonObject Attributes { get; init; }

    /// <summary>The attributes that the configuration set. Drift changes only these.</summary>
    public required JsonObject Configured { get; init; }

    /// <summary>When it was created, by the clock of the cloud, in whole seconds.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>`type/id`. It is unique in an account.</summary>
    public string Key => $"{Type}/{Id}";
}

/// <summary>One call that a provider answered.</summary>
/// <param name="Number">The position in the account's log, from 1. All processes share one count.</param>
/// <param name="Operation">configure, validate, plan, create, read, update, delete, import or data.</param>
/// <param name="Type">The resource type, or the provider's name.</param>
/// <param name="Name">The label or name; empty if there is none.</param>
/// <param name="Outcome">`ok`, or the error that Terraform received.</param>
/// <param name="Milliseconds">The duration in milliseconds.</param>
public sealed record Call(long Number, string Operation, string Type, string Name, string Outcome, long Milliseconds);
