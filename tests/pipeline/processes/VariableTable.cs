namespace InfraCdktf.Tests.Pipeline.Processes;

/// <summary>How a variable of the caller reaches Terraform.</summary>
public enum Reaches
{
    /// <summary>Terraform gets it.</summary>
    Terraform,

    /// <summary>Terraform gets the value of this program or none, never the caller's.</summary>
    OwnValue,

    /// <summary>The command fails and names it.</summary>
    Refused,

    /// <summary>Terraform does not get it, and one line names it.</summary>
    Named,

    /// <summary>Terraform does not get it: it has no effect.</summary>
    Nothing,
}

/// <summary>
/// Every variable that Terraform 1.11.4, its S3 backend and the providers linode 3.13.0, kubernetes 2.38.0 and helm 3.1.1 read,
/// one row each. Sources: Terraform's pages "Environment variables", "Debugging Terraform", "CLI configuration", "HCP Terraform
/// settings", "Backend type: http" and "Backend type: s3"; the names in the binary of Terraform 1.11.4 (strings); the env config
/// of aws-sdk-go-v2 and aws-sdk-go-base; the providers' pages and sources, and linodego's.
/// </summary>
public static class VariableTable
{
    private const string NotUsed = "only for a backend, a command or a test that this platform does not use";
    private const string InConfiguration = "the backend's configuration has the setting, or does not need it";
    private const string Cluster = "it can select another cluster or account than the kubeconfig";

    private static readonly (string Name, Reaches Reaches, string Why)[] s_rows =
    [
        // Every program.
        ("PATH", Reaches.Terraform, "programs"),
        ("PATHEXT", Reaches.Terraform, "programs, on Windows"),
        ("HOME", Reaches.Terraform, "the user's directory"),
        ("USER", Reaches.Terraform, "the user"),
        ("LOGNAME", Reaches.Terraform, "the user"),
        ("USERPROFILE", Reaches.Terraform, "the user's directory, on Windows"),
        ("APPDATA", Reaches.Terraform, "the user's directory, on Windows"),
        ("LOCALAPPDATA", Reaches.Terraform, "the user's directory, on Windows"),
        ("XDG_CONFIG_HOME", Reaches.Terraform, "the user's directory"),
        ("XDG_CACHE_HOME", Reaches.Terraform, "the user's directory: charts"),
        ("XDG_DATA_HOME", Reaches.Terraform, "the user's directory: plugins"),
        ("TMPDIR", Reaches.Terraform, "temporary files"),
        ("TMP", Reaches.Terraform, "temporary files"),
        ("TEMP", Reaches.Terraform, "temporary files"),
        ("SystemRoot", Reaches.Terraform, "Windows"),
        ("ComSpec", Reaches.Terraform, "Windows"),
        ("LANG", Reaches.Terraform, "language"),
        ("LANGUAGE", Reaches.Terraform, "language"),
        ("LC_ALL", Reaches.Terraform, "language"),
        ("TZ", Reaches.Terraform, "time zone"),
        ("HTTP_PROXY", Reaches.Terraform, "network"),
        ("HTTPS_PROXY", Reaches.Terraform, "network"),
        ("NO_PROXY", Reaches.Terraform, "network"),
        ("ALL_PROXY", Reaches.Terraform, "network"),
        ("http_proxy", Reaches.Terraform, "network"),
        ("https_proxy", Reaches.Terraform, "network"),
        ("no_proxy", Reaches.Terraform, "network"),
        ("all_proxy", Reaches.Terraform, "network"),
        ("SSL_CERT_FILE", Reaches.Terraform, "certificate authorities, also of this program"),
        ("SSL_CERT_DIR", Reaches.Terraform, "certificate authorities, also of this program"),
        // Terraform, documented.
        ("TF_VAR_name", Reaches.Terraform, "only if the stack declares it; StackVariablesTests"),
        ("TF_CLI_CONFIG_FILE", Reaches.Terraform, "mirrors of providers"),
        ("TERRAFORM_CONFIG", Reaches.Named, "deprecated name of TF_CLI_CONFIG_FILE"),
        ("TF_PLUGIN_CACHE_DIR", Reaches.Terraform, "providers that were downloaded before"),
        ("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE", Reaches.Named, "the lock file would lack checksums"),
        ("TF_REGISTRY_DISCOVERY_RETRY", Reaches.Terraform, "downloads of providers"),
        ("TF_REGISTRY_CLIENT_TIMEOUT", Reaches.Terraform, "downloads of providers"),
        ("TF_TOKEN_registry_example_com", Reaches.Terraform, "the token of a mirror; Terraform sends it only to that host"),
        ("TF_IN_AUTOMATION", Reaches.Terraform, "only hints in the text"),
        ("CHECKPOINT_DISABLE", Reaches.Terraform, "no question about new versions"),
        ("TF_CLI_ARGS", Reaches.Refused, "adds arguments to every command"),
        ("TF_CLI_ARGS_init", Reaches.Refused, "can redirect the backend; accepted only as the sandbox sets it"),
        ("TF_CLI_ARGS_plan", Reaches.Refused, "-refresh=false hides drift"),
        ("TF_CLI_ARGS_apply", Reaches.Refused, "adds arguments"),
        ("TF_WORKSPACE", Reaches.Refused, "another state; accepted if it is default"),
        ("TF_DATA_DIR", Reaches.Refused, "providers and backend of another directory"),
        ("TF_REATTACH_PROVIDERS", Reaches.Refused, "other providers; accepted if a running sandbox recorded it"),
        ("TF_LOG", Reaches.Named, "the log has values"),
        ("TF_LOG_CORE", Reaches.Named, "the log has values"),
        ("TF_LOG_PROVIDER", Reaches.Named, "the log has values"),
        ("TF_LOG_PATH", Reaches.Named, "the log has values"),
        ("TF_STATE_PERSIST_INTERVAL", Reaches.Named, "a killed apply would lose more"),
        ("TF_INPUT", Reaches.Nothing, "every command has -input=false"),
        ("TF_IGNORE", Reaches.Nothing, NotUsed),
        ("TF_CLOUD_ORGANIZATION", Reaches.Nothing, NotUsed),
        ("TF_CLOUD_HOSTNAME", Reaches.Nothing, NotUsed),
        ("TF_CLOUD_PROJECT", Reaches.Nothing, NotUsed),
        ("TF_HTTP_ADDRESS", Reaches.Nothing, NotUsed),
        ("TF_HTTP_UPDATE_METHOD", Reaches.Nothing, NotUsed),
        ("TF_HTTP_LOCK_ADDRESS", Reaches.Nothing, NotUsed),
        ("TF_HTTP_LOCK_METHOD", Reaches.Nothing, NotUsed),
        ("TF_HTTP_UNLOCK_ADDRESS", Reaches.Nothing, NotUsed),
        ("TF_HTTP_UNLOCK_METHOD", Reaches.Nothing, NotUsed),
        ("TF_HTTP_USERNAME", Reaches.Nothing, NotUsed),
        ("TF_HTTP_PASSWORD", Reaches.Nothing, NotUsed),
        ("TF_HTTP_RETRY_MAX", Reaches.Nothing, NotUsed),
        ("TF_HTTP_RETRY_WAIT_MIN", Reaches.Nothing, NotUsed),
        ("TF_HTTP_RETRY_WAIT_MAX", Reaches.Nothing, NotUsed),
        ("TF_HTTP_CLIENT_CERTIFICATE_PEM", Reaches.Nothing, NotUsed),
        ("TF_HTTP_CLIENT_PRIVATE_KEY_PEM", Reaches.Nothing, NotUsed),
        ("TF_HTTP_CLIENT_CA_CERTIFICATE_PEM", Reaches.Nothing, NotUsed),
        // Terraform and the providers, in the binary or the source only.
        ("TF_TEMP_LOG_PATH", Reaches.Named, "the log has values"),
        ("TF_LOG_CLOUD", Reaches.Named, "the log has values"),
        ("TF_LOG_SDK", Reaches.Named, "the log has values"),
        ("TF_LOG_PROVIDER_LINODE_REQUESTS", Reaches.Named, "the log has values"),
        ("TF_LOG_PROVIDER_KUBERNETES", Reaches.Named, "the log has values"),
        ("TF_ACC", Reaches.Nothing, NotUsed),
        ("TF_APPEND_USER_AGENT", Reaches.Nothing, "only a name in requests"),
        ("TF_CLOUD_PLUGIN_DEV_OVERRIDE", Reaches.Nothing, NotUsed),
        ("TF_CLOUDPLUGIN_MAGIC_COOKIE", Reaches.Nothing, "Terraform sets it for its plugin"),
        ("TF_PLUGIN_MAGIC_COOKIE", Reaches.Nothing, "Terraform sets it for its plugins"),
        ("TF_DISABLE_PLUGIN_TLS", Reaches.Nothing, "the connection to a provider keeps TLS"),
        ("TF_FORCE_LOCAL_BACKEND", Reaches.Nothing, NotUsed),
        ("TF_SCHEMA_PANIC_ON_ERROR", Reaches.Nothing, NotUsed),
        ("TF_WARN_OUTPUT_ERRORS", Reaches.Nothing, "an error in an output stays an error"),
        ("TF_X_KUBERNETES_MANIFEST_RESOURCE", Reaches.Nothing, NotUsed),
        ("CHECKPOINT_TIMEOUT", Reaches.Nothing, "only the question about new versions"),
        // The S3 backend.
        ("AWS_ACCESS_KEY_ID", Reaches.Terraform, "the access key of the live bucket"),
        ("AWS_SECRET_ACCESS_KEY", Reaches.Terraform, "the access key of the live bucket"),
        ("AWS_SSE_CUSTOMER_KEY", Reaches.OwnValue, "only the state key of the stack; StackVariablesTests"),
        ("AWS_REQUEST_CHECKSUM_CALCULATION", Reaches.OwnValue, "the store refuses the newer checksums"),
        ("AWS_RESPONSE_CHECKSUM_VALIDATION", Reaches.OwnValue, "the store refuses the newer checksums"),
        ("AWS_CONFIG_FILE", Reaches.OwnValue, "settings for other stores"),
        ("AWS_SHARED_CREDENTIALS_FILE", Reaches.OwnValue, "credentials for other stores"),
        ("GOGC", Reaches.OwnValue, "the setting with which Terraform needs the least processor time"),
        ("AWS_SHARED_CONFIG_FILE", Reaches.Nothing, "the backend reads it under the name AWS_CONFIG_FILE"),
        ("AWS_ENDPOINT_URL_S3", Reaches.Nothing, "this program requires that it agrees with the backend; BucketAddressTests"),
        ("AWS_CA_BUNDLE", Reaches.Named, "this program does not read it"),
        ("AWS_ACCESS_KEY", Reaches.Nothing, "this program requires the current name"),
        ("AWS_SECRET_KEY", Reaches.Nothing, "this program requires the current name"),
        ("AWS_SESSION_TOKEN", Reaches.Nothing, "keys of Linode's object storage have none"),
        ("AWS_PROFILE", Reaches.Nothing, "credentials come from variables only"),
        ("AWS_DEFAULT_PROFILE", Reaches.Nothing, "credentials come from variables only"),
        ("AWS_SDK_LOAD_CONFIG", Reaches.Nothing, "credentials come from variables only"),
        ("AWS_REGION", Reaches.Nothing, InConfiguration),
        ("AWS_DEFAULT_REGION", Reaches.Nothing, InConfiguration),
        ("AWS_ENDPOINT_URL", Reaches.Nothing, InConfiguration),
        ("AWS_ENDPOINT_URL_DYNAMODB", Reaches.Nothing, InConfiguration),
        ("AWS_ENDPOINT_URL_IAM", Reaches.Nothing, InConfiguration),
        ("AWS_ENDPOINT_URL_STS", Reaches.Nothing, InConfiguration),
        ("AWS_ENDPOINT_URL_SSO", Reaches.Nothing, InConfiguration),
        ("AWS_ENDPOINT_URL_SSO_OIDC", Reaches.Nothing, InConfiguration),
        ("AWS_S3_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_DYNAMODB_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_IAM_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_STS_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_STS_REGIONAL_ENDPOINTS", Reaches.Nothing, InConfiguration),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", Reaches.Nothing, InConfiguration),
        ("AWS_ENABLE_ENDPOINT_DISCOVERY", Reaches.Nothing, InConfiguration),
        ("AWS_USE_DUALSTACK_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_USE_FIPS_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_S3_USE_ARN_REGION", Reaches.Nothing, InConfiguration),
        ("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", Reaches.Nothing, InConfiguration),
        ("AWS_S3_DISABLE_EXPRESS_SESSION_AUTH", Reaches.Nothing, InConfiguration),
        ("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_ACCOUNT_ID", Reaches.Nothing, InConfiguration),
        ("AWS_ACCOUNT_ID_ENDPOINT_MODE", Reaches.Nothing, InConfiguration),
        ("AWS_ROLE_ARN", Reaches.Nothing, "the access key is used"),
        ("AWS_ROLE_SESSION_NAME", Reaches.Nothing, "the access key is used"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", Reaches.Nothing, "the access key is used"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", Reaches.Nothing, "the access key is used"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", Reaches.Nothing, "the access key is used"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Reaches.Nothing, "the access key is used"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Reaches.Nothing, "the access key is used"),
        ("AWS_EC2_METADATA_DISABLED", Reaches.Nothing, InConfiguration),
        ("AWS_EC2_METADATA_V1_DISABLED", Reaches.Nothing, InConfiguration),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", Reaches.Nothing, InConfiguration),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", Reaches.Nothing, InConfiguration),
        ("AWS_METADATA_URL", Reaches.Nothing, InConfiguration),
        ("AWS_DEFAULTS_MODE", Reaches.Nothing, "the backend's own limits"),
        ("AWS_MAX_ATTEMPTS", Reaches.Nothing, "the backend's own limits"),
        ("AWS_RETRY_MODE", Reaches.Nothing, "the backend's own limits"),
        ("AWS_DISABLE_REQUEST_COMPRESSION", Reaches.Nothing, "S3 requests are not compressed"),
        ("AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", Reaches.Nothing, "S3 requests are not compressed"),
        ("AWS_SDK_UA_APP_ID", Reaches.Nothing, "only a name in requests"),
        ("AWS_EXECUTION_ENV", Reaches.Nothing, "only a name in requests"),
        ("AWS_LAMBDA_FUNCTION_NAME", Reaches.Nothing, NotUsed),
        ("AWS_CSM_ENABLED", Reaches.Nothing, "metrics of the older SDK"),
        ("AWS_CSM_CLIENT_ID", Reaches.Nothing, "metrics of the older SDK"),
        ("AWS_CSM_HOST", Reaches.Nothing, "metrics of the older SDK"),
        ("AWS_CSM_PORT", Reaches.Nothing, "metrics of the older SDK"),
        ("AWS_SDK_GO_CLIENT_TLS_CERT", Reaches.Nothing, NotUsed),
        ("AWS_SDK_GO_CLIENT_TLS_KEY", Reaches.Nothing, NotUsed),
        // The providers kubernetes and helm, and kubectl.
        ("KUBE_CONFIG_PATH", Reaches.Terraform, "the kubeconfig"),
        ("KUBE_CONFIG_PATHS", Reaches.Refused, Cluster),
        ("KUBE_CTX", Reaches.Refused, Cluster),
        ("KUBE_CTX_AUTH_INFO", Reaches.Refused, Cluster),
        ("KUBE_CTX_CLUSTER", Reaches.Refused, Cluster),
        ("KUBE_HOST", Reaches.Refused, Cluster),
        ("KUBE_USER", Reaches.Refused, Cluster),
        ("KUBE_USERNAME", Reaches.Refused, Cluster),
        ("KUBE_PASSWORD", Reaches.Refused, Cluster),
        ("KUBE_TOKEN", Reaches.Refused, Cluster),
        ("KUBE_INSECURE", Reaches.Refused, Cluster),
        ("KUBE_TLS_SERVER_NAME", Reaches.Refused, Cluster),
        ("KUBE_CLIENT_CERT_DATA", Reaches.Refused, Cluster),
        ("KUBE_CLIENT_KEY_DATA", Reaches.Refused, Cluster),
        ("KUBE_CLUSTER_CA_CERT_DATA", Reaches.Refused, Cluster),
        ("KUBE_PROXY_URL", Reaches.Refused, Cluster),
        ("KUBERNETES_SERVICE_HOST", Reaches.Nothing, "set in every pod: a runner in a cluster must not manage that cluster"),
        ("KUBERNETES_SERVICE_PORT", Reaches.Nothing, "set in every pod: a runner in a cluster must not manage that cluster"),
        ("KUBECONFIG", Reaches.Nothing, "only kubectl gets it; the providers do not read it"),
        ("KUBECACHEDIR", Reaches.Nothing, "only kubectl gets it"),
        ("HELM_BURST_LIMIT", Reaches.Nothing, "the provider's configuration decides"),
        ("HELM_DEBUG", Reaches.Nothing, "the provider's configuration decides"),
        ("HELM_DRIVER", Reaches.Nothing, "the provider's configuration decides"),
        ("HELM_DRIVER_SQL_CONNECTION_STRING", Reaches.Nothing, NotUsed),
        ("HELM_NAMESPACE", Reaches.Nothing, "every release names its namespace"),
        ("HELM_PLUGINS_PATH", Reaches.Nothing, NotUsed),
        ("HELM_QPS", Reaches.Nothing, "the provider's configuration decides"),
        ("HELM_REGISTRY_CONFIG_PATH", Reaches.Nothing, NotUsed),
        ("HELM_REPOSITORY_CACHE", Reaches.Nothing, NotUsed),
        ("HELM_REPOSITORY_CONFIG_PATH", Reaches.Nothing, NotUsed),
        // The provider linode.
        ("LINODE_TOKEN", Reaches.Terraform, "the token"),
        ("LINODE_URL", Reaches.Terraform, "the API, also of this program; https or this machine: ServiceAddressTests"),
        ("LINODE_API_VERSION", Reaches.Terraform, "the API's version"),
        ("LINODE_CA", Reaches.Terraform, "the API's certificate authority"),
        ("LINODE_CONFIG", Reaches.Terraform, "the file of linode-cli"),
        ("LINODE_PROFILE", Reaches.Terraform, "the file of linode-cli"),
        ("LINODE_OBJ_ACCESS_KEY", Reaches.Terraform, "the access key of the platform's buckets"),
        ("LINODE_OBJ_SECRET_KEY", Reaches.Terraform, "the access key of the platform's buckets"),
        ("LINODE_UA_PREFIX", Reaches.Terraform, "a name in requests"),
        ("LINODE_EVENT_POLL_MS", Reaches.Terraform, "how often events are read"),
        ("LINODE_DEBUG", Reaches.Named, "the log has values"),
    ];

    /// <summary>The names of all variables.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_rows.Select(row => row.Name)];

    /// <summary>The variables that do not end a command.</summary>
    public static IEnumerable<string> Unrefused => s_rows.Where(row => row.Reaches != Reaches.Refused).Select(row => row.Name);

    /// <summary>The variables that Terraform gets, with the caller's value or with the value of this program.</summary>
    public static IEnumerable<string> ReachTerraform =>
        s_rows.Where(row => row.Reaches is Reaches.Terraform or Reaches.OwnValue).Select(row => row.Name);

    /// <summary>The rows: name, how it reaches Terraform, why.</summary>
    public static TheoryData<string, Reaches, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, Reaches, string>();
            foreach (var (name, reaches, why) in s_rows)
                rows.Add(name, reaches, why);
            return rows;
        }
    }
}
