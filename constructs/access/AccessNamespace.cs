using Constructs;
using HashiCorp.Cdktf.Providers.Kubernetes.RoleV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ServiceAccountV1;
using InfraCdktf.Constructs.Namespaces;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Access;

/// <summary>What <see cref="AccessNamespace"/> needs.</summary>
public sealed record AccessNamespaceProps
{
    /// <summary>Whose accounts lie here.</summary>
    public required EnvironmentSpec Environment { get; init; }

    /// <summary>Labels of the namespace and all in it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The names of the accounts that may renew their own tokens.</summary>
    public required IReadOnlyList<string> Accounts { get; init; }

    /// <summary>The names of the accounts that may not: somebody else makes each of their tokens.</summary>
    public IReadOnlyList<string> Sealed { get; init; } = [];
}

/// <summary>
/// The accounts of those who may enter an environment, in a namespace where no pod can run: in the environment's own, whoever may make a
/// pod could run it as somebody else. Its quota refuses Secrets too, so that there is no token without an end. What an account may do is
/// bound elsewhere, in the namespaces it may enter; here it may only ask for its own next token.
/// </summary>
public sealed class AccessNamespace : Construct
{
    /// <summary>Kinds of which there is none here, by the quota's own key. The one ConfigMap is Kubernetes' own (kube-root-ca.crt).</summary>
    private static readonly Dictionary<string, int> s_counts = new()
    {
        ["configmaps"] = 1,
        ["count/cronjobs.batch"] = 0,
        ["count/daemonsets.apps"] = 0,
        ["count/deployments.apps"] = 0,
        ["count/jobs.batch"] = 0,
        ["count/replicasets.apps"] = 0,
        ["count/statefulsets.apps"] = 0,
        ["persistentvolumeclaims"] = 0,
        ["replicationcontrollers"] = 0,
        ["secrets"] = 0,
        ["services"] = 0,
    };

    /// <summary>A token of break-glass is bound to a Secret, whose deletion revokes it: so many may be open at once.</summary>
    private const int OpenBreakGlass = 3;

    /// <summary>Makes the namespace, its walls and the accounts.</summary>
    public AccessNamespace(Construct scope, string id, AccessNamespaceProps props)
        : base(scope, id)
    {
        EnvironmentSpec environment = props.Environment;
        var space = new EnvironmentNamespace(
            this,
            "space",
            new()
            {
                Name = environment.AccessNamespace,
                Labels = props.Labels,
                Purpose = $"Accounts of those who may enter {environment.Name}. No pod runs here.",
                PodSecurity = PodSecurityLevel.Restricted,
                Quota = s_nothing,
                Containers = environment.Containers,
                Counts = props.Sealed.Count == 0 ? s_counts : new(s_counts) { ["secrets"] = OpenBreakGlass },
            }
        );
        _ = new SegmentPolicy(
            space,
            "segment",
            new()
            {
                Namespace = space.Name,
                Labels = props.Labels,
                AllowRules = AllowRules.None,
            }
        );
        // A room of their own: people's names must not meet an id of ours.
        var accounts = new Construct(this, "accounts");
        foreach (var name in props.Accounts)
            Renewal(Account(accounts, name, space.Name, props.Labels), new(space.Name, name), props.Labels);
        foreach (var name in props.Sealed)
            Account(accounts, name, space.Name, props.Labels);
    }

    private static readonly Quota s_nothing = new()
    {
        RequestsCpu = "0",
        RequestsMemory = "0",
        LimitsCpu = "0",
        LimitsMemory = "0",
        Storage = "0",
        Pods = 0,
    };

    private static Construct Account(Construct scope, string name, string space, IReadOnlyDictionary<string, string> labels)
    {
        var room = new Construct(scope, name);
        _ = new ServiceAccountV1(
            room,
            "account",
            new ServiceAccountV1Config
            {
                Metadata = new ServiceAccountV1Metadata
                {
                    Name = name,
                    Namespace = space,
                    Labels = labels.ToDictionary(),
                },
                // People and workflows ask for short-lived tokens; no pod runs as them.
                AutomountServiceAccountToken = false,
            }
        );
        return room;
    }

    // An account may ask for its own next token before the last one ends, and for nobody else's.
    private static void Renewal(Construct scope, Account account, IReadOnlyDictionary<string, string> labels)
    {
        var name = $"renew-{account.Name}";
        _ = new RoleV1(
            scope,
            "renewal",
            new RoleV1Config
            {
                Metadata = new RoleV1Metadata
                {
                    Name = name,
                    Namespace = account.Namespace,
                    Labels = labels.ToDictionary(),
                },
                Rule = new[]
                {
                    new RoleV1Rule
                    {
                        ApiGroups = [""],
                        Resources = ["serviceaccounts/token"],
                        ResourceNames = [account.Name],
                        Verbs = ["create"],
                    },
                },
            }
        );
        Bindings.AtHome(scope, "renewal-binding", name, account, labels);
    }
}
