using System.Text.Json.Nodes;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// The discovery calls that kubectl makes first: versions, groups, resources, and which writes validate fields.
/// </summary>
internal static class Discovery
{
    /// <summary>The group of access reviews. A review is answered and never stored.</summary>
    public const string Authorization = "authorization.k8s.io";

    private const string Authentication = "authentication.k8s.io";

    /// <summary>The answer for a discovery path; null for a path of objects.</summary>
    public static JsonObject? Answer(string path) =>
        path.Trim('/').Split('/') switch
        {
            ["version"] => new()
            {
                ["major"] = "1",
                ["minor"] = "34",
                ["gitVersion"] = "v1.34.1+sandbox",
            },
            ["api"] => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
            ["apis"] => new()
            {
                ["kind"] = "APIGroupList",
                ["apiVersion"] = "v1",
                ["groups"] = new JsonArray([
                    .. Groups().Where(group => group != "").Select(group => Group(group, Version(group))),
                ]),
            },
            ["apis", var group] when Groups().Contains(group) => Group(group, Version(group)),
            ["api", "v1"] => Resources("", "v1"),
            ["apis", var group, var version] when Groups().Contains(group) && Version(group) == version => Resources(
                group,
                $"{group}/{version}"
            ),
            ["openapi", "v3"] => new()
            {
                ["paths"] = new JsonObject(
                    Groups()
                        .Select(Path)
                        .Select(place =>
                            KeyValuePair.Create(
                                place,
                                (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{place}" }
                            )
                        )
                ),
            },
            ["openapi", "v3", .. var place] => OpenApi(string.Join('/', place)),
            _ => null,
        };

    private static IEnumerable<string> Groups() =>
        ApiKind.All.Select(kind => kind.Group).Append(Authorization).Append(Authentication).Distinct();

    // Each group is served in one version.
    private static string Version(string group) => ApiKind.All.FirstOrDefault(kind => kind.Group == group)?.Version ?? "v1";

    private static JsonObject Group(string group, string served)
    {
        var version = new JsonObject { ["groupVersion"] = $"{group}/{served}", ["version"] = served };
        return new()
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = group,
            ["versions"] = new JsonArray(version),
            ["preferredVersion"] = version.DeepClone(),
        };
    }

    private static JsonObject Resources(string group, string groupVersion) =>
        new()
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = groupVersion,
            ["resources"] = new JsonArray([
                .. ApiKind.All.Where(kind => kind.Group == group).SelectMany(Kind),
                .. Reviews(group).Select(Review),
            ]),
        };

    private static string[] Reviews(string group) =>
        group switch
        {
            Authorization => ["SelfSubjectAccessReview", "SelfSubjectRulesReview"],
            Authentication => ["SelfSubjectReview"],
            _ => [],
        };

    private static JsonObject Review(string kind) =>
        new()
        {
            ["name"] = $"{kind.ToLowerInvariant()}s",
            ["singularName"] = "",
            ["namespaced"] = false,
            ["kind"] = kind,
            ["verbs"] = new JsonArray("create"),
        };

    private static IEnumerable<JsonObject> Kind(ApiKind kind)
    {
        yield return new()
        {
            ["name"] = kind.Plural,
            ["singularName"] = kind.Name.ToLowerInvariant(),
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Name,
            ["verbs"] = new JsonArray("create", "delete", "get", "list", "patch", "update"),
            ["shortNames"] = new JsonArray([.. kind.ShortNames.Select(name => (JsonNode)name)]),
        };
        foreach (var (name, (group, version, inner)) in kind.Subresources)
        {
            yield return new()
            {
                ["name"] = $"{kind.Plural}/{name}",
                ["singularName"] = "",
                ["namespaced"] = kind.Namespaced,
                ["group"] = group,
                ["version"] = version,
                ["kind"] = inner,
                ["verbs"] = new JsonArray("create"),
            };
        }
    }

    private static string Path(string group) => group == "" ? "api/v1" : $"apis/{group}/{Version(group)}";

    /// <summary>
    /// No schemas. The answer only states that writes support <c>fieldValidation</c>: kubectl reads this before it leaves the
    /// validation to the server.
    /// </summary>
    private static JsonObject OpenApi(string place) =>
        new()
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.34.1" },
            ["paths"] = new JsonObject(
                ApiKind
                    .All.Where(kind => Path(kind.Group) == place)
                    .Select(kind =>
                        KeyValuePair.Create(
                            $"/{place}/{(kind.Namespaced ? "namespaces/{namespace}/" : "")}{kind.Plural}/{{name}}",
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["patch"] = new JsonObject
                                    {
                                        ["parameters"] = new JsonArray(
                                            new JsonObject { ["name"] = "fieldValidation", ["in"] = "query" }
                                        ),
                                        ["x-kubernetes-group-version-kind"] = new JsonObject
                                        {
                                            ["group"] = kind.Group,
                                            ["version"] = kind.Version,
                                            ["kind"] = kind.Name,
                                        },
                                    },
                                }
                        )
                    )
            ),
        };
}
