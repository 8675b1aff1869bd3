using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using InfraCdktf.Environments;
using InfraCdktf.Environments.Model;
using InfraCdktf.Environments.Validation;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Stacks;

/// <summary>A text of the inventory that no rule restricts reaches Terraform as it is, and is never evaluated.</summary>
[Trait("Level", "synthesized")]
public sealed partial class InventoryTextsTests(SynthesizedPlatform platform)
{
    private const string Marks = "${path.cwd}%{if}";

    /// <summary>An inventory with a value for every optional text.</summary>
    private static PlatformSpec Full =>
        Inventory.Platform with
        {
            Overrides = [SampleOverrides.Pods, SampleOverrides.Outside, SampleOverrides.Nodes, SampleOverrides.ControlPlane],
            Applications =
            [
                .. Inventory.Platform.Applications.Select(environment =>
                    environment with
                    {
                        // The pool has capacity for one more namespace.
                        Teams = environment.Name.Text == "development" ? [new("shop", "#shop")] : [],
                        Destinations = [new("payments", "Card payments.", ["198.51.100.0/24"], [443])],
                        ApiServerReason = "A controller.",
                        AdmissionExceptions = [new(WorkloadRule.PinnedImages, EnforcementMode.Warn, "A vendor's image.")],
                        PodSecurity = PodSecurityLevel.Baseline,
                        PodSecurityReason = "An old image.",
                    }
                ),
            ],
        };

    [Fact]
    public void Template_marks_in_any_text_of_the_inventory_are_escaped()
    {
        Assert.Empty(InventoryCheck.Problems(Full));
        var marked = Full;
        List<string> free = [];
        foreach (var path in Texts(Full, "").Distinct())
        {
            // "mail@example.com" accepts marks before its @ only.
            var changed = new[] { (string text) => text + Marks, text => Marks + text }
                .Select(change => (PlatformSpec)With(marked, path.Split('/')[1..], change)!)
                .FirstOrDefault(one => InventoryCheck.Problems(one).Count == 0);
            if (changed is null)
                continue;
            marked = changed;
            free.Add(path);
        }
        Assert.Contains("/Applications/0/Purpose", free);
        Assert.Contains("/Overrides/0/Reason", free);
        Assert.Contains("/Overrides/0/Ticket", free);
        Assert.Contains("/Contacts/Team", free);
        Assert.Contains("/Applications/0/Destinations/0/Reason", free);

        var texts = platform.Synthesize(marked).Stacks.Values.Select(stack => stack.Text).ToList();

        Assert.True(texts.Sum(text => Escaped().Count(text)) >= 10, "too few of the texts reached a stack");
        Assert.All(texts, text => Assert.Empty(Evaluated().Matches(text).Select(match => text.Substring(match.Index, 40))));
    }

    // The texts of an object and of its parts: /Applications/0/Purpose.
    private static IEnumerable<string> Texts(object value, string path) =>
        value switch
        {
            string => [path],
            IEnumerable list when IsList(value) => list.Cast<object>()
                .SelectMany((item, index) => Texts(item, $"{path}/{index}")),
            _ when IsRecord(value) => Settable(value)
                .Where(property => property.GetValue(value) is not null)
                .SelectMany(property => Texts(property.GetValue(value)!, $"{path}/{property.Name}")),
            _ => [],
        };

    // A copy of the object with another text at the path.
    private static object? With(object value, ReadOnlySpan<string> path, Func<string, string> change)
    {
        if (path.IsEmpty)
            return change((string)value);
        if (IsList(value))
        {
            var items = ((IEnumerable)value).Cast<object>().ToArray();
            var copy = Array.CreateInstance(
                value.GetType().GetInterfaces().First(IsListType).GenericTypeArguments[0],
                items.Length
            );
            items.CopyTo(copy, 0);
            var index = int.Parse(path[0], System.Globalization.CultureInfo.InvariantCulture);
            copy.SetValue(With(items[index], path[1..], change), index);
            return copy;
        }
        var clone = value.GetType().GetMethod("<Clone>$")!.Invoke(value, null)!;
        var part = value.GetType().GetProperty(path[0])!;
        part.SetValue(clone, With(part.GetValue(value)!, path[1..], change));
        return clone;
    }

    private static IEnumerable<PropertyInfo> Settable(object value) =>
        value.GetType().GetProperties().Where(property => property.CanWrite && property.GetIndexParameters().Length == 0);

    private static bool IsRecord(object value) => value.GetType().GetMethod("<Clone>$") is not null;

    private static bool IsList(object value) => value is not string && value.GetType().GetInterfaces().Any(IsListType);

    private static bool IsListType(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>);

    [GeneratedRegex(@"\$\$\{path\.cwd\}")]
    private static partial Regex Escaped();

    // An odd number of marks before the brace is a template.
    [GeneratedRegex(@"(?<!\$)(?:\$\$)*\$\{path\.cwd|(?<!%)(?:%%)*%\{if")]
    private static partial Regex Evaluated();
}
