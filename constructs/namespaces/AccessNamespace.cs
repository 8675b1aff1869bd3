using Constructs;
using HashiCorp.Cdktf.Providers.Kubernetes.RoleV1;
using HashiCorp.Cdktf.Providers.Kubernetes.ServiceAccountV1;
using InfraCdktf.Constructs.Access;
using InfraCdktf.Constructs.Network;
using InfraCdktf.Environments.Model;

namespace InfraCdktf.Constructs.Namespaces;

/// <summary>Input of <see cref="AccessNamespace"/>.</summary>
public sealed record AccessNamespaceProps
{
    /// <summary>The namespace's name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the environment that the accounts have access to.</summary>
    public required string Environment { get; init; }

    /// <summary>The container defaults of the environment.</summary>
    public required ContainerDefaults Containers { get; init; }

    /// <summary>Labels of the namespace and of every object in it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The accounts that may renew their own tokens.</summary>
    public required IReadOnlyList<string> Accounts { get; init; }

    /// <summary>The accounts that may not: another account requests each of their tokens.</summary>
    public IReadOnlyList<string> WithoutRenewal { get; init; } = [];
}

/// <summary>
/// The accounts of an environment, in a namespace where no pod can run: in the environment's own namespace, an account that may
/// create pods could run one as another account. Its quota also refuses Secrets, so that no token without an expiry exists. Here
/// an account may only request its own next token; its other rights are RoleBindings in the namespaces of its grants.
/// </summary>
public sealed class AccessNamespace : Construct
{
    /// <summary>Kinds with a limit, by the quota's own key. The one ConfigMap is Kubernetes' own (kube-root-ca.crt).</summary>
    internal static IReadOnlyDictionary<string, int> NoWorkloads { get; } =
        new Dictionary<string, int>
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

    /// <summary>
    /// The highest number of break-glass tokens at one time. Each token is bound to a Secret, whose deletion revokes it.
    /// </summary>
    private const int MostBreakGlassTokens = 3;

    /// <summary>Creates the namespace and the accounts.</summary>
    public AccessNamespace(Construct scope, string id, AccessNamespaceProps props)
        : base(scope, id)
    {
        var accessNamespace = new EnvironmentNamespace(
            this,
            "space",
            new()
            {
                Name = props.Name,
                Labels = props.Labels,
                Purpose = $"Accounts with access to {props.Environment}. No pod can run here.",
                PodSecurity = PodSecurityLevel.Restricted,
                Quota = s_nothing,
                Containers = props.Containers,
                Counts =
                    props.WithoutRenewal.Count == 0
                        ? NoWorkloads
                        : new Dictionary<string, int>(NoWorkloads) { ["secrets"] = MostBreakGlassTokens },
                AllowRules = AllowRules.None,
                Accounts = props.Name,
            }
        );
        // Own scope: account names could collide with construct ids.
        var accounts = new Construct(this, "accounts");
        foreach (var name in props.Accounts)
            Renewal(Account(accounts, name, accessNamespace.Name, props.Labels), new(accessNamespace.Name, name), props.Labels);
        foreach (var name in props.WithoutRenewal)
            Account(accounts, name, accessNamespace.Name, props.Labels);
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

    private static Construct Account(
        Construct scope,
        string name,
        string namespaceName,
        IReadOnlyDictionary<string, string> labels
    )
    {
        var own = new Construct(scope, name);
        _ = new ServiceAccountV1(
            own,
            "account",
            new ServiceAccountV1Config
            {
                Metadata = new ServiceAccountV1Metadata
                {
                    Name = name,
                    Namespace = namespaceName,
                    Labels = labels.ToDictionary(),
                },
                // People and workflows request short-lived tokens; no pod runs as these accounts.
                AutomountServiceAccountToken = false,
            }
        );
        return own;
    }

    // An account may request its own next token before the last one expires, and no token of another account.
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
        Bindings.InOwnNamespace(scope, "renewal-binding", name, account, labels);
    }
}
