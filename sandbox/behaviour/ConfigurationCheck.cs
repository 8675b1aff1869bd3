using System.Globalization;
using InfraCdktf.Sandbox.Values;

namespace InfraCdktf.Sandbox.Behaviour;

/// <summary>
/// Checks a configuration with the schema and the facts. Terraform itself checks the names, types and numbers of blocks. This
/// class checks the rest: read-only and required attributes, ranges, lengths, allowed values, and allowed combinations.
/// </summary>
internal sealed class ConfigurationCheck(BodySchema schema, BodyFacts facts)
{
    private readonly List<Problem> _problems = [];

    public static IReadOnlyList<Problem> Run(BodySchema schema, BodyFacts facts, MapValue? config)
    {
        if (config is null)
            return [];
        var check = new ConfigurationCheck(schema, facts);
        check.Body(schema, config, ValuePath.Root, config);
        foreach (var path in facts.Paths.Order(StringComparer.Ordinal))
            check.Together(path, facts[path], config);
        return check._problems;
    }

    private void Body(BodySchema body, MapValue value, ValuePath path, MapValue root)
    {
        foreach (var (name, attribute) in body.Attributes)
        {
            var at = path.Name(name);
            var given = value[name];
            if (given is not null && attribute.ReadOnly)
                Report(
                    at,
                    "Invalid Configuration for Read-Only Attribute",
                    "Cannot set value for this attribute as the provider has marked it as read-only. "
                        + "Remove the configuration line setting the value."
                );
            else if (given is null && attribute.Required)
                Report(at, "Missing required argument", $"The argument \"{name}\" is required, but no definition was found.");
            Single(given, at);
            if (attribute.Nested is { } nested)
                Nested(nested, given, at, root);
        }
        foreach (var (name, block) in body.Blocks)
        {
            Single(value[name], path.Name(name));
            Nested(block, value[name], path.Name(name), root);
        }
    }

    private void Nested(NestedSchema nested, Value? value, ValuePath path, MapValue root)
    {
        switch (value)
        {
            case ListValue list:
                for (var i = 0; i < list.Items.Count; i++)
                    if (list.Items[i] is MapValue element)
                        Body(nested.Body, element, nested.Mode == "set" ? path : path.At(i), root);
                break;
            case MapValue map when nested.Mode == "map":
                foreach (var (key, entry) in map.Fields)
                    if (entry is MapValue element)
                        Body(nested.Body, element, path.Key(key), root);
                break;
            // A group is never null: Terraform creates an empty one.
            case MapValue map
                when nested.Mode != "group" || map.Fields.Values.Any(f => f is not (null or ListValue { Items: [] })):
                Body(nested.Body, map, path, root);
                break;
        }
    }

    /// <summary>Checks one value alone: range, length, number of elements and allowed values.</summary>
    private void Single(Value? value, ValuePath path)
    {
        var fact = facts[path.ToString()];
        var name = path.ToString();
        switch (value)
        {
            case NumberValue number:
                var size = Numbers.Approximate(number.Literal);
                if (size < fact.Min || size > fact.Max)
                    Report(path, $"Attribute {name} value must be {Range(fact.Min, fact.Max)}, got: {number.Literal}");
                Allowed(fact, number.Literal, path);
                break;
            case TextValue text:
                if (text.Text.Length < fact.MinLength || text.Text.Length > fact.MaxLength)
                    Report(
                        path,
                        $"Attribute {name} string length must be {Range(fact.MinLength, fact.MaxLength)}, "
                            + $"got: {text.Text.Length}"
                    );
                Allowed(fact, text.Text, path);
                break;
            case ListValue list when list.Items.Count < fact.MinItems && list.Items.Count > 0 || list.Items.Count > fact.MaxItems:
                Report(
                    path,
                    $"Attribute {name} must contain {Range(fact.MinItems, fact.MaxItems)} elements, got: {list.Items.Count}"
                );
                break;
            case ListValue { Items: [] } when fact.MinItems > 0 && schema.Nested(name) is null && !IsBlock(path):
                Report(path, $"Attribute {name} must contain at least {fact.MinItems} elements, got: 0");
                break;
        }
    }

    private void Allowed(AttributeFacts fact, string value, ValuePath path)
    {
        var allowed = fact.OneOf.Select(v => v.ToString()).ToList();
        if (allowed.Count > 0 && !allowed.Contains(value))
            Report(
                path,
                $"Attribute {path} value must be one of: [{string.Join(' ', allowed.Select(a => $"\"{a}\""))}], got: \"{value}\""
            );
    }

    /// <summary>Checks which attributes may, must or must not be set together. An unknown value counts as set.</summary>
    private void Together(string path, AttributeFacts fact, MapValue config)
    {
        var isSet = IsSet(config, path);
        var at = AsPath(path);
        if (isSet)
        {
            foreach (var other in fact.ConflictsWith.Where(o => IsSet(config, o)))
                Report(at, "Conflicting configuration arguments", $"\"{path}\": conflicts with {Plain(other)}");
            foreach (var other in fact.RequiredWith.Where(o => !IsSet(config, o)))
                Report(at, "Missing required argument", $"\"{path}\": all of `{path},{Plain(other)}` must be specified");
        }
        var choices = string.Join(',', fact.ExactlyOneOf.Concat(fact.AtLeastOneOf).Select(Plain));
        // Every member of a group of choices lists the whole group. The problem is reported at the first member only.
        if (fact.ExactlyOneOf is [var first, ..] && Plain(first) == path)
        {
            var count = fact.ExactlyOneOf.Count(o => IsSet(config, o));
            if (count != 1)
                Report(
                    at,
                    "Invalid combination of arguments",
                    $"\"{path}\": "
                        + (count == 0 ? $"one of `{choices}` must be specified" : $"only one of `{choices}` can be specified")
                );
        }
        if (fact.AtLeastOneOf is [var least, ..] && Plain(least) == path && !fact.AtLeastOneOf.Any(o => IsSet(config, o)))
            Report(at, "Missing required argument", $"\"{path}\": one of `{choices}` must be specified");
    }

    private static bool IsSet(Value? value, string path)
    {
        foreach (var step in path.Split('.').Where(s => !int.TryParse(s, CultureInfo.InvariantCulture, out _)))
        {
            value = value switch
            {
                MapValue map => map[step],
                ListValue { Items: [MapValue only] } => only[step],
                UnknownValue unknown => unknown,
                _ => null,
            };
        }
        return value is not (null or ListValue { Items: [] } or MapValue { Fields.Count: 0 });
    }

    private bool IsBlock(ValuePath path)
    {
        var body = schema;
        foreach (var step in path.Steps.OfType<string>().SkipLast(1))
            if (body.Nested(step) is { } nested)
                body = nested.Body;
        return body.Blocks.ContainsKey(path.Steps.OfType<string>().Last());
    }

    private static string Plain(string path) => string.Join('.', path.Split('.').Where(s => s is not "0"));

    private static ValuePath AsPath(string path) => path.Contains('.') ? ValuePath.Root : ValuePath.Root.Name(path);

    private static string Range(double? min, double? max) =>
        (min, max) switch
        {
            ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $"between {low} and {high}"),
            ({ } low, _) => string.Create(CultureInfo.InvariantCulture, $"at least {low}"),
            (_, { } high) => string.Create(CultureInfo.InvariantCulture, $"at most {high}"),
            _ => "anything",
        };

    private void Report(ValuePath path, string summary, string detail = "") => _problems.Add(new Problem(path, summary, detail));
}
