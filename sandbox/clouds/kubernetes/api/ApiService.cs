using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InfraCdktf.Sandbox.Accounts;
using InfraCdktf.Sandbox.Values;
using Microsoft.AspNetCore.Http;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The calls of a Kubernetes API server that our commands make through kubectl: discovery, get, list, create, patch, update,
/// delete, evictions, tokens and reviews. Watch is not supported.
/// </summary>
/// <param name="cloud">The account with the objects that Terraform created.</param>
/// <param name="own">The account with the objects that the cluster and kubectl created.</param>
/// <param name="provider">The Kubernetes provider's schema.</param>
/// <param name="keys">The administrator's token and the signing key.</param>
/// <param name="options">The clock, the longest lifetime of tokens, and how long an accepted token is remembered.</param>
internal sealed class ApiService(Account cloud, Account own, ProviderSchema provider, ApiKeys keys, SandboxOptions options)
{
    private static readonly ApiUser _administrator = new("kubernetes-admin", [ApiUser.Masters, "system:authenticated"]);

    private readonly Tokens _tokens = new(keys.Signing, options.LongestToken);
    private readonly AcceptedTokens _accepted = new(options.AcceptedTokens);

    public async Task ServeAsync(HttpContext context)
    {
        int code;
        JsonObject answer;
        try
        {
            var body = await BodyAsync(context.Request);
            // One request at a time, over all processes. A cluster of this size needs no concurrency.
            (code, answer, var warnings) = cloud.Change(made =>
                own.Change(ours => Answer(context.Request, body, new(provider, made, ours, options.Clock.GetUtcNow())))
            );
            Warn(context.Response, warnings);
        }
        catch (Dry run)
        {
            (code, answer) = (run.Code, run.Answer);
            Warn(context.Response, run.Warnings);
        }
        catch (ApiException refused)
        {
            (code, answer) = (refused.Code, refused.Status());
            Warn(context.Response, refused.Warnings);
            if (answer.Whole("details.retryAfterSeconds") is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private static void Warn(HttpResponse response, IReadOnlyList<string> warnings) =>
        response.Headers["Warning"] = new([
            .. warnings.Select(warning => $"299 - \"{warning.Replace("\"", "\\\"", StringComparison.Ordinal)}\""),
        ]);

    private (int Code, JsonObject Answer, IReadOnlyList<string> Warnings) Answer(
        HttpRequest request,
        JsonNode? body,
        ClusterView cluster
    )
    {
        Controllers.Run(cluster);
        var user = User(request, cluster);
        var path = request.Path.Value ?? "";
        if (request.Method == "GET" && Discovery.Answer(path) is { } known)
            return (200, known, []);
        if (request.Method == "POST" && Reviews.Answer(cluster, user, path, body) is { } review)
            return (201, review, []);
        var call =
            Call.Read(request.Method, path)
            ?? throw new ApiException(404, "NotFound", "the server could not find the requested resource");
        if (!Rbac.Allows(cluster, user, call.Request))
            throw ApiException.Forbidden(call.Kind, call.Name, Refusal(user, call.Request));
        var dry = request.Query["dryRun"] == "All" || (call.Subresource == "eviction" && IsDry(body));
        var gate = new AdmissionGate(options.Admission, user, call);
        var change = new Change(cluster, call, body, gate);
        (int Code, JsonObject Answer) done;
        try
        {
            done = (request.Method, call) switch
            {
                ("GET", { Name: { } name, Subresource: "scale" }) => (200, change.Scale(name)),
                ("GET", { Name: { } name }) => (
                    200,
                    Statuses.Fill(cluster, call.Kind, cluster.Get(call.Kind, call.Namespace, name))
                ),
                ("GET", _) => (200, List(request.Query, cluster, call)),
                ("POST", { Subresource: "token", Name: { } name }) => (
                    201,
                    Token(cluster, gate, call, name, body as JsonObject ?? [])
                ),
                ("POST", { Subresource: "eviction", Name: { } name }) => (201, change.Evict(name)),
                ("POST", { Subresource: "exec" or "attach" or "portforward", Name: { } name }) => throw change.Connect(name),
                ("PUT", { Name: { } name, Subresource: "scale" }) => (200, change.Rescale(name, dry)),
                ("PUT", { Name: { } name, Subresource: { } part }) => (200, change.ReplacePart(name, part)),
                ("POST", { Name: null }) => (201, change.Create()),
                ("PUT", { Name: { } name, Subresource: null }) => (200, change.Replace(name)),
                ("PATCH", { Name: { } name }) when Patch.IsApply(request.ContentType) => change.ApplyOnServer(
                    name,
                    request.Query
                ),
                ("PATCH", { Name: { } name }) => (200, change.Apply(name, request.ContentType ?? "")),
                ("DELETE", { Name: { } name }) => (200, change.Delete(name)),
                _ => throw new ApiException(405, "MethodNotAllowed", "the sandbox does not support this call"),
            };
        }
        catch (ApiException refused)
        {
            refused.Warnings = gate.Warnings;
            throw;
        }
        string?[] warning = [request.Method == "GET" ? null : PodAdmission.Warning(cluster, call.Kind, done.Answer)];
        string[] warnings = [.. gate.Warnings, .. warning.OfType<string>()];
        // kubectl --dry-run=server: the request is checked and nothing is stored.
        return dry ? throw new Dry(done.Code, done.Answer, warnings) : (done.Code, done.Answer, warnings);
    }

    private JsonObject Token(ClusterView cluster, AdmissionGate gate, Call call, string name, JsonObject body)
    {
        var account = cluster.Get(call.Kind, call.Namespace, name);
        gate.Check("CREATE", body, null);
        return _tokens.Issue(cluster, account, body);
    }

    // kubectl drain --dry-run=server writes the option into the Eviction.
    private static bool IsDry(JsonNode? eviction) => eviction.Texts("deleteOptions.dryRun").Contains("All");

    private ApiUser User(HttpRequest request, ClusterView cluster)
    {
        var header = request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : "";
        var user = token == keys.Administrator ? _administrator : _accepted.Find(token, cluster.Now);
        if (user is null && _tokens.Authenticate(cluster, token) is { } authenticated)
            user = _accepted.Remember(token, authenticated, cluster.Now);
        return user is null ? throw new ApiException(401, "Unauthorized", "Unauthorized") : Impersonated(request, cluster, user);
    }

    // kubectl --as and --as-group. A ServiceAccount has its own groups unless groups are given.
    private static ApiUser Impersonated(HttpRequest request, ClusterView cluster, ApiUser user)
    {
        var name = request.Headers["Impersonate-User"].ToString();
        string[] groups = [.. request.Headers["Impersonate-Group"].OfType<string>()];
        if (name.Length == 0)
            return user;
        var account = name.Split(':') is ["system", "serviceaccount", var space, var own] ? (Space: space, Name: own) : default;
        Require(
            account.Name is null
                ? new("impersonate", "", "users", null, name)
                : new("impersonate", "", "serviceaccounts", account.Space, account.Name)
        );
        foreach (var group in groups)
            Require(new("impersonate", "", "groups", null, group));
        return groups.Length == 0 && account.Name is not null
            ? ApiUser.ServiceAccount(account.Space, account.Name)
            : new(name, [.. groups.Append("system:authenticated").Distinct()]);

        void Require(Request asked)
        {
            if (!Rbac.Allows(cluster, user, asked))
                throw new ApiException(
                    403,
                    "Forbidden",
                    $"{asked.Resource} \"{asked.Name}\" is forbidden: {Refusal(user, asked)}"
                );
        }
    }

    private static JsonObject List(IQueryCollection query, ClusterView cluster, Call call)
    {
        if (query["watch"].ToString() is "true" or "1")
            throw new ApiException(405, "MethodNotAllowed", "the sandbox does not support watch");
        var (labels, fields) = (query["labelSelector"].ToString(), query["fieldSelector"].ToString());
        return new()
        {
            ["kind"] = $"{call.Kind.Name}List",
            ["apiVersion"] = call.Kind.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = "1" },
            ["items"] = new JsonArray([
                .. cluster
                    .List(call.Kind, call.Namespace)
                    .Select(item => Statuses.Fill(cluster, call.Kind, item))
                    .Where(item => Selector.Matches(labels, fields, item)),
            ]),
        };
    }

    private static string Refusal(ApiUser user, Request request) =>
        $"User \"{user.Name}\" cannot {request.Verb} resource \"{request.Resource}\" in API group \"{request.Group}\""
        + (request.Namespace is { } space ? $" in the namespace \"{space}\"" : " at the cluster scope");

    private static async Task<JsonNode?> BodyAsync(HttpRequest request)
    {
        using var stream = new MemoryStream();
        await request.Body.CopyToAsync(stream);
        var bytes = stream.ToArray();
        try
        {
            return bytes.Length == 0 ? null
                : request.ContentType == ProtobufObjects.ContentType ? ProtobufObjects.Read(bytes)
                : JsonNode.Parse(bytes);
        }
        catch (Exception e) when (e is JsonException or Google.Protobuf.InvalidProtocolBufferException)
        {
            throw ApiException.BadRequest($"the object provided is unrecognized: {e.Message}");
        }
    }

    /// <summary>Rolls back both transactions of a dry run.</summary>
    private sealed class Dry(int code, JsonObject answer, IReadOnlyList<string> warnings) : Exception
    {
        public IReadOnlyList<string> Warnings => warnings;
        public int Code => code;
        public JsonObject Answer => answer;
    }
}

/// <summary>A call, read from the path and the method of a request.</summary>
internal sealed record Call(ApiKind Kind, string? Namespace, string? Name, string? Subresource, Request Request)
{
    /// <summary>Reads a call; null if the path does not belong to a served kind.</summary>
    public static Call? Read(string method, string path)
    {
        string[] words = [.. path.Trim('/').Split('/').Select(Uri.UnescapeDataString)];
        var (group, rest) = words switch
        {
            ["api", var core, .. var inner] => (("", core), inner),
            ["apis", var name, var version, .. var inner] => ((name, version), inner),
            _ => (("", ""), []),
        };
        string? space = null;
        // The namespace's own subresources have the same form as the objects in it.
        if (rest is ["namespaces", var inside, not ("status" or "finalize"), ..])
            (space, rest) = (inside, rest[2..]);
        if (
            rest is not [var plural, ..]
            || ApiKind.All.FirstOrDefault(k => (k.Group, k.Version) == group && k.Plural == plural) is not { } kind
        )
            return null;
        var (item, subresource) = (rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2));
        var verb = method switch
        {
            "POST" => "create",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => item is null ? "deletecollection" : "delete",
            _ => item is null ? "list" : "get",
        };
        var resource = subresource is null ? kind.Plural : $"{kind.Plural}/{subresource}";
        return new(kind, space, item, subresource, new(verb, kind.Group, resource, space, item));
    }
}

/// <summary>One write call.</summary>
internal sealed class Change(ClusterView cluster, Call call, JsonNode? body, AdmissionGate gate)
{
    private static readonly ApiKind _namespaces = ApiKind.Of("namespaces");

    public JsonObject Create()
    {
        var item = Body();
        var metadata = item["metadata"]!.AsObject();
        if (item.Text("metadata.name") is null && item.Text("metadata.generateName") is { } prefix)
            metadata["name"] = prefix + Synthetic.Hex($"{prefix}/{cluster.Now:O}/{cluster.List(call.Kind).Count}", 5);
        if (item.Text("metadata.name") is not { } name)
            throw ApiException.Invalid(call.Kind.Name, "", "metadata.name", "Required value: name or generateName is required");
        if (Syntax.Name(call.Kind.Plural, name) is { } wrong)
            throw ApiException.Invalid(call.Kind.Name, name, "metadata.name", $"Invalid value: \"{name}\": {wrong}");
        if (call.Kind.Namespaced)
        {
            cluster.Get(_namespaces, null, call.Namespace!);
            Terminations.RequireStays(cluster, call.Kind, call.Namespace!, name);
            metadata["namespace"] = call.Namespace;
        }
        if (call.Kind == _namespaces)
        {
            metadata["labels"] ??= new JsonObject();
            metadata["labels"]!["kubernetes.io/metadata.name"] = name;
        }
        if (Definitions.Are(call.Kind))
            Definitions.Admit(before: null, item);
        if (call.Kind.Plural == "pods")
            PodAdmission.Admit(cluster, item);
        gate.Check("CREATE", item, null);
        if (call.Kind.Plural != "pods")
            Quotas.Require(cluster, call.Kind, item);
        return Done(cluster.Create(call.Kind, item));
    }

    public JsonObject Replace(string name) => Store(cluster.Get(call.Kind, call.Namespace, name), Body());

    public JsonObject Apply(string name, string contentType)
    {
        var before = cluster.Get(call.Kind, call.Namespace, name);
        return Store(before, Patch.Apply(contentType, before, body ?? new JsonObject()));
    }

    /// <summary>
    /// Server-side apply, for CustomResourceDefinitions only: their versions are one value, so no lists are merged. Fields that a
    /// manager applied earlier and leaves out now stay.
    /// </summary>
    public (int Code, JsonObject Answer) ApplyOnServer(string name, IQueryCollection query)
    {
        if (!Definitions.Are(call.Kind) || query["force"] != "true" || query["fieldManager"].Count == 0)
            throw new ApiException(
                415,
                "UnsupportedMediaType",
                $"the sandbox applies {Definitions.Plural} only, with force and a fieldManager"
            );
        var given = Body();
        return cluster.Find(call.Kind, call.Namespace, name) is { } before
            ? (200, Store(before, Patch.Applied(before, given)))
            : (201, Create());
    }

    public JsonObject Delete(string name)
    {
        var item = cluster.Get(call.Kind, call.Namespace, name);
        gate.Check("DELETE", null, item);
        if (call.Kind == _namespaces)
            Terminations.Begin(cluster, name);
        else
            cluster.Delete(call.Kind, item);
        return Done(item);
    }

    public JsonObject Evict(string name)
    {
        cluster.Get(call.Kind, call.Namespace, name);
        gate.Check("CREATE", Body(kind: "Eviction"), null);
        Disruptions.Evict(cluster, call.Namespace!, name, body);
        Controllers.Run(cluster);
        return new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        };
    }

    /// <summary>The scale of a workload.</summary>
    public JsonObject Scale(string name)
    {
        if (call.Kind.Plural is not ("deployments" or "statefulsets"))
            throw new ApiException(404, "NotFound", "the server could not find the requested resource");
        var workload = cluster.Get(call.Kind, call.Namespace, name);
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = call.Namespace,
                ["uid"] = workload.At("metadata.uid")?.DeepClone(),
            },
            ["spec"] = new JsonObject { ["replicas"] = workload.At("spec.replicas")?.DeepClone() ?? 1 },
        };
    }

    /// <summary>Changes the scale of a workload. A dry run stores nothing.</summary>
    public JsonObject Rescale(string name, bool dry)
    {
        var (before, after) = (Scale(name), Scale(name));
        after["spec"] = Body(kind: "Scale")["spec"]?.DeepClone();
        gate.Check("UPDATE", after, before);
        if (!dry)
        {
            var workload = cluster.Get(call.Kind, call.Namespace, name);
            workload["spec"]!["replicas"] = after.At("spec.replicas")?.DeepClone();
            cluster.Put(call.Kind, workload);
            Controllers.Run(cluster);
        }
        return after;
    }

    /// <summary>
    /// Replaces the part of an object that a subresource writes: the status, with labels and annotations; a namespace's
    /// finalizers, with labels and annotations; ephemeral containers and resources of a pod.
    /// </summary>
    public JsonObject ReplacePart(string name, string part)
    {
        var before = cluster.Get(call.Kind, call.Namespace, name);
        var (after, given) = (before.DeepClone().AsObject(), Body());
        switch (part, call.Kind.Plural)
        {
            case ("status", _):
                after["status"] = given["status"]?.DeepClone();
                Marks();
                break;
            case ("finalize", "namespaces"):
                after["spec"] = given["spec"]?.DeepClone();
                Marks();
                break;
            case ("ephemeralcontainers", "pods"):
                after["spec"]!["ephemeralContainers"] = given.At("spec.ephemeralContainers")?.DeepClone();
                break;
            case ("resize", "pods"):
                foreach (var container in after.Items("spec.containers"))
                    container!["resources"] = given
                        .Items("spec.containers")
                        .FirstOrDefault(one => one.Text("name") == container.Text("name"))
                        .At("resources")
                        ?.DeepClone();
                break;
            default:
                throw new ApiException(404, "NotFound", "the server could not find the requested resource");
        }
        return Store(before, after);

        void Marks()
        {
            foreach (var field in new[] { "labels", "annotations" })
                after["metadata"]![field] = given.At($"metadata.{field}")?.DeepClone();
        }
    }

    /// <summary>The error of a connection to a pod: admission checks it, and the sandbox has no containers.</summary>
    public ApiException Connect(string name)
    {
        cluster.Get(call.Kind, call.Namespace, name);
        gate.Check("CONNECT", new() { ["apiVersion"] = "v1", ["kind"] = "PodExecOptions" }, null);
        return new(405, "MethodNotAllowed", "the sandbox does not support this call");
    }

    private JsonObject Store(JsonObject before, JsonObject after)
    {
        var metadata = after["metadata"]!.AsObject();
        foreach (
            var fixedField in new[] { "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "resourceVersion" }
        )
            if (before["metadata"]![fixedField] is { } value)
                metadata[fixedField] = value.DeepClone();
        if (
            call.Kind.Plural.EndsWith("rolebindings", StringComparison.Ordinal)
            && !JsonNode.DeepEquals(before["roleRef"], after["roleRef"])
        )
            throw ApiException.Invalid(call.Kind.Name, metadata.Text("name")!, "roleRef", "Invalid value: cannot change roleRef");
        if (Definitions.Are(call.Kind))
            Definitions.Admit(before, after);
        gate.Check("UPDATE", after, before);
        var stored = cluster.Put(call.Kind, after);
        if (stored.Text("metadata.deletionTimestamp") is not null)
            cluster.Delete(call.Kind, stored);
        return Done(stored);
    }

    private JsonObject Done(JsonObject item)
    {
        Controllers.Run(cluster);
        return Statuses.Fill(cluster, call.Kind, cluster.Find(call.Kind, call.Namespace, item.Text("metadata.name")!) ?? item);
    }

    private JsonObject Body(string? kind = null)
    {
        var item = (body as JsonObject)?.DeepClone().AsObject() ?? throw ApiException.BadRequest("the request has no object");
        var wanted = kind ?? call.Kind.Name;
        if (item.Text("kind") is { } given && given != wanted)
            throw ApiException.BadRequest($"the object provided is a {given}, not a {wanted}");
        item["kind"] ??= wanted;
        item["apiVersion"] ??= call.Kind.ApiVersion;
        item["metadata"] ??= new JsonObject();
        return item;
    }
}
