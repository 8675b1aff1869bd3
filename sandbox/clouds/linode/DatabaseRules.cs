using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Behaviour;

namespace InfraCdktf.Sandbox.Clouds.Linode;

/// <summary>Managed PostgreSQL and MySQL.</summary>
internal sealed class DatabaseRules(Catalogue catalogue) : ResourceRules
{
    public override bool TryCompute(ComputedAttribute attribute, NewObject item, out JsonNode? value)
    {
        var engine = (item.Planned.Text("engine_id") ?? "/").Split('/');
        var host = $"a{item.Id}-akamai-prod-{Synthetic.Hex(item.Seed, 8)}";
        value = attribute.Path switch
        {
            "status" => item.Planned.True("suspended") ? "suspended" : "active",
            "engine" => engine[0],
            "version" => engine[1] + (engine[0] == "postgresql" ? ".6" : ".0.35"),
            "platform" => "rdbms-default",
            "port" => 14_000 + (long)(Synthetic.Number(item.Seed) % 14_000), // Linode chooses the port, never 5432
            "host_primary" => $"{host}.g2a.akamaidb.sandbox.invalid",
            "host_secondary" or "host_standby" => $"replica-{host}.g2a.akamaidb.sandbox.invalid",
            "root_username" => "akmadmin",
            "root_password" => Synthetic.Hex("password" + item.Seed, 32),
            "ca_cert" => Convert.ToBase64String("-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n"u8),
            "encrypted" or "ssl_connection" => true,
            "members" => new JsonObject { [$"192.0.2.{1 + Synthetic.Number(item.Seed) % 254}"] = "primary" },
            "allow_list" or "pending_updates" => new JsonArray(),
            "updates" => new JsonObject
            {
                ["day_of_week"] = 1,
                ["duration"] = 4,
                ["frequency"] = "weekly",
                ["hour_of_day"] = 0,
            },
            "updates.duration" => 4,
            "updates.frequency" => "weekly",
            "updates.day_of_week" => 1,
            "updates.hour_of_day" => 0,
            "oldest_restore_time" => null,
            _ => null,
        };
        return value is not null || attribute.Path == "oldest_restore_time";
    }

    public override void Check(Transaction account, NewObject item, JsonObject attributes, AccountObject? before)
    {
        catalogue.Require(attributes.Text("region"), "Managed Databases", "Managed Databases are");
        if (!catalogue.HasEngine(attributes.Text("engine_id")))
            throw Refused("[engine] engine is not valid");
        if (catalogue.DatabaseType(attributes.Text("type")) is not { } plan)
            throw Refused("[type] type is not valid");
        if (!plan.Items("sizes").Any(s => s!.GetValue<int>() == attributes.Whole("cluster_size")))
            throw Refused(
                $"[cluster_size] {attributes.Whole("cluster_size")} nodes are not available on the "
                    + $"{plan.Text("class")} plan {attributes.Text("type")}"
            );
        if (attributes.Text("label") is not { Length: >= 3 and <= 32 })
            throw Refused("[label] Length must be 3-32 characters");
        if (Names.Taken(account, item.Type, attributes.Text("label"), before))
            throw Refused("[label] Label must be unique among your databases of this engine");
        if (attributes.At("private_network") is { } network)
            CheckNetwork(account, network, attributes.Text("region"));
        if (attributes.At("updates") is not { } updates)
            return;
        // Linode refuses both only after it has created the database. Terraform then taints the database.
        if (updates.Whole("duration") is { } duration and not 4)
            item.Late = Refused($"[updates.duration] database updates duration must be 4, got {duration}");
        else if (updates.Text("frequency") is not "weekly")
            item.Late = Refused("[updates.frequency] frequency must be weekly");
    }

    /// <summary>The API returns bare addresses as /32 and /128. Every later plan shows this as a difference.</summary>
    public override JsonObject Keep(NewObject item, JsonObject attributes, AccountObject? before)
    {
        attributes["allow_list"] = new JsonArray([
            .. attributes
                .Texts("allow_list")
                .Select(a => (JsonNode)(a.Contains('/') ? a : a + (a.Contains(':') ? "/128" : "/32"))),
        ]);
        return attributes;
    }

    private static void CheckNetwork(Transaction account, JsonNode network, string? region)
    {
        if (account.Find("linode_vpc", network.Text("vpc_id") ?? "") is not { } vpc)
            throw Refused("[private_network.vpc_id] VPC not found");
        if (vpc.Attributes.Text("region") != region)
            throw Refused("[private_network.vpc_id] The VPC must be in the database's region");
        if (account.Find("linode_vpc_subnet", network.Text("subnet_id") ?? "")?.Attributes.Text("vpc_id") != vpc.Id)
            throw Refused("[private_network.subnet_id] Subnet not found in the VPC");
    }
}
