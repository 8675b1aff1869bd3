using HashiCorp.Cdktf;
using HashiCorp.Cdktf.Providers.Linode.Provider;

namespace InfraCdktf.Constructs.Linode;

/// <summary>The Linode provider of a stack.</summary>
public static class LinodeApi
{
    /// <summary>
    /// Adds the provider. Its token comes from LINODE_TOKEN: a variable would be stored in every saved plan (measured). Cluster
    /// tiers and locks exist in the beta API only.
    /// </summary>
    public static void AddTo(TerraformStack stack) =>
        _ = new LinodeProvider(stack, "linode", new LinodeProviderConfig { ApiVersion = "v4beta" });
}
