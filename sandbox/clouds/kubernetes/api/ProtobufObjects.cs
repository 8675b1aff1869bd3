using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace InfraCdktf.Sandbox.Clouds.Kubernetes.Api;

/// <summary>
/// Reads objects in the protobuf encoding: the magic "k8s\0", an envelope with the type, the object. kubectl uses it for objects
/// that it builds without a file (evictions, tokens, reviews), and no option turns it off. Only the messages that our commands
/// and documentation need are supported.
/// </summary>
internal static class ProtobufObjects
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    /// <summary>
    /// Fields as <c>number name type</c>. A star after the type marks a list. Source: generated.proto in k8s.io/api, v1.34.
    /// </summary>
    private static readonly Dictionary<string, Dictionary<int, Field>> _messages = new Dictionary<string, string>
    {
        ["ObjectMeta"] = "1 name string, 2 generateName string, 3 namespace string, 11 labels map, 12 annotations map",
        ["Namespace"] = "1 metadata ObjectMeta",
        ["ServiceAccount"] = "1 metadata ObjectMeta",
        ["Secret"] = "1 metadata ObjectMeta, 2 data bytesmap, 3 type string, 5 immutable bool",
        ["ConfigMap"] = "1 metadata ObjectMeta, 2 data map",
        ["Role"] = "1 metadata ObjectMeta, 2 rules PolicyRule*",
        ["ClusterRole"] = "1 metadata ObjectMeta, 2 rules PolicyRule*",
        ["PolicyRule"] = "1 verbs string*, 2 apiGroups string*, 3 resources string*, 4 resourceNames string*",
        ["RoleBinding"] = "1 metadata ObjectMeta, 2 subjects Subject*, 3 roleRef RoleRef",
        ["ClusterRoleBinding"] = "1 metadata ObjectMeta, 2 subjects Subject*, 3 roleRef RoleRef",
        ["Subject"] = "1 kind string, 2 apiGroup string, 3 name string, 4 namespace string",
        ["RoleRef"] = "1 apiGroup string, 2 kind string, 3 name string",
        ["Eviction"] = "1 metadata ObjectMeta",
        ["DeleteOptions"] = "",
        ["TokenRequest"] = "1 metadata ObjectMeta, 2 spec TokenRequestSpec",
        ["TokenRequestSpec"] = "1 audiences string*, 3 boundObjectRef BoundObjectReference, 4 expirationSeconds int",
        ["BoundObjectReference"] = "1 kind string, 2 apiVersion string, 3 name string, 4 uid string",
        ["SelfSubjectReview"] = "1 metadata ObjectMeta",
        ["SelfSubjectRulesReview"] = "1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec",
        ["SelfSubjectRulesReviewSpec"] = "1 namespace string",
        ["SelfSubjectAccessReview"] = "1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec",
        ["SelfSubjectAccessReviewSpec"] = "1 resourceAttributes ResourceAttributes",
        ["ResourceAttributes"] =
            "1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, "
            + "6 subresource string, 7 name string",
    }.ToDictionary(
        message => message.Key,
        message =>
            message
                .Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)
                .Select(field => field.Split(' '))
                .ToDictionary(
                    field => int.Parse(field[0], CultureInfo.InvariantCulture),
                    field => new Field(field[1], field[2].TrimEnd('*'), field[2].EndsWith('*'))
                )
    );

    /// <summary>The object as JSON.</summary>
    /// <exception cref="ApiException">The kind is not in the list above.</exception>
    public static JsonObject Read(byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith("k8s\0"u8))
            throw ApiException.BadRequest("provided data does not appear to be a protobuf message");
        var (type, content) = (new JsonObject(), Array.Empty<byte>());
        var envelope = new CodedInputStream(bytes, 4, bytes.Length - 4);
        while (envelope.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) is 1 or 2)
            {
                var part = envelope.ReadBytes().ToByteArray();
                if (WireFormat.GetTagFieldNumber(tag) == 1)
                    type = Message(part, new() { [1] = new("apiVersion", "string", false), [2] = new("kind", "string", false) });
                else
                    content = part;
            }
            else
                envelope.SkipLastField();
        }
        var kind = (string?)type["kind"] ?? "";
        if (!_messages.TryGetValue(kind, out var fields))
            throw new ApiException(
                415,
                "UnsupportedMediaType",
                $"the sandbox does not support protobuf for {kind}. Use kubectl apply -f or create -f, which send JSON."
            );
        var item = Message(content, fields);
        foreach (var (name, value) in type)
            item[name] = value?.DeepClone();
        return item;
    }

    private static JsonObject Message(byte[] bytes, Dictionary<int, Field> fields)
    {
        var json = new JsonObject();
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            if (!fields.TryGetValue(WireFormat.GetTagFieldNumber(tag), out var field))
            {
                input.SkipLastField();
                continue;
            }
            if (field.Type is "map" or "bytesmap")
            {
                json[field.Name] ??= new JsonObject();
                var entry = Message(
                    input.ReadBytes().ToByteArray(),
                    new()
                    {
                        [1] = new("key", "string", false),
                        [2] = new("value", field.Type == "map" ? "string" : "bytes", false),
                    }
                );
                json[field.Name]![entry["key"]!.GetValue<string>()] = entry["value"]?.DeepClone() ?? "";
                continue;
            }
            var value = Value(input, field.Type);
            if (field.Repeated)
                (json[field.Name] ??= new JsonArray()).AsArray().Add(value);
            // kubectl sends unset strings as empty strings.
            else if (value.ToString() != "")
                json[field.Name] = value;
        }
        return json;
    }

    private static JsonNode Value(CodedInputStream input, string type) =>
        type switch
        {
            "string" => input.ReadString(),
            "bytes" => Convert.ToBase64String(input.ReadBytes().ToByteArray()),
            "int" => input.ReadInt64(),
            "bool" => input.ReadBool(),
            _ => Message(input.ReadBytes().ToByteArray(), _messages[type]),
        };

    private sealed record Field(string Name, string Type, bool Repeated);
}
