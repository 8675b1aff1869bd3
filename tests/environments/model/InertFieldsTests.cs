using System.Reflection;
using InfraCdktf.Environments.Model;
using InfraCdktf.Pipeline.Cli;
using InfraCdktf.Stacks;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Environments.Model;

/// <summary>
/// Every property of the inventory has a reader in the program or in the pipeline. A property that only the inventory check reads
/// would be a setting without effect. The test reads the compiled code.
/// <para>
/// A property of a base type needs a reader for each derived type: code that reads it through that type or through the base type.
/// Code that is given the base type counts for all derived types, even if every caller passes the same one.
/// </para>
/// </summary>
[Trait("Level", "pure")]
public sealed class InertFieldsTests
{
    private const string Validation = "InfraCdktf.Environments.Validation";

    /// <summary>Methods that the compiler adds to every record. They read every property.</summary>
    private static readonly string[] s_generated = ["ToString", "PrintMembers", "Equals", "GetHashCode"];

    private static readonly Assembly s_environments = typeof(PlatformSpec).Assembly;

    [Fact]
    public void Inventory_has_no_property_without_a_reader() =>
        Assert.Empty(
            Unread(
                Types(typeof(PlatformSpec).Namespace!),
                [.. CompiledCalls.Of(typeof(PlatformApp).Assembly), .. CompiledCalls.Of(typeof(CommandLine).Assembly)],
                // A name or a sum that the inventory project derives is a reader only if the program or the pipeline uses it.
                [
                    .. CompiledCalls
                        .Of(s_environments)
                        .Where(call => !call.Caller.StartsWith(Validation, StringComparison.Ordinal)),
                ]
            )
        );

    [Fact]
    public void Reader_search_reports_an_unread_property()
    {
        var calls = CompiledCalls.Of(typeof(InertFieldsTests).Assembly);
        var reader = $"{typeof(MadeUpReader).FullName}::";
        var types = new[] { typeof(MadeUp), typeof(MadeUpPart), typeof(OtherPart) };
        var derived = calls.Where(call =>
            types.Any(type => call.Caller.StartsWith($"{type.FullName}::", StringComparison.Ordinal))
        );

        var unread = Unread(
            types,
            [.. calls.Where(call => call.Caller.StartsWith(reader, StringComparison.Ordinal))],
            [.. derived]
        );

        Assert.Equal(
            ["MadeUp.Compared", "MadeUp.Printed", "OtherPart.InBase", "OtherPart.InPattern", "OtherPart.Part"],
            unread.Order(StringComparer.Ordinal)
        );
    }

    // SharedServiceNeeds is not part of the inventory: the check compares it with the inventory.
    private static List<Type> Types(string space) =>
        [
            .. s_environments
                .GetTypes()
                .Where(type => type.Namespace == space && type.IsVisible && !type.IsEnum && type != typeof(SharedServiceNeeds)),
        ];

    /// <summary>The public properties that no code reads; <c>Derived.Property</c> if only some derived types are read.</summary>
    /// <param name="types">The types with the properties.</param>
    /// <param name="roots">The calls of code that runs.</param>
    /// <param name="parts">The calls of code that runs only if other code calls it.</param>
    private static List<string> Unread(
        IReadOnlyList<Type> types,
        IReadOnlyList<CompiledCall> roots,
        IReadOnlyList<CompiledCall> parts
    )
    {
        var byCaller = parts
            .Where(call => !s_generated.Contains(Split(call.Caller).Method))
            .ToLookup(call => call.Caller, StringComparer.Ordinal);
        // The static types of the objects that each called method is called on; null if one is not known.
        Dictionary<string, HashSet<Type?>> called = new(StringComparer.Ordinal);
        Queue<(string Callee, Type? Receiver)> next = new(roots.Select(call => (call.Callee, call.Receiver)));
        while (next.TryDequeue(out var call))
        {
            if (called.TryGetValue(call.Callee, out var receivers))
            {
                receivers.Add(call.Receiver);
                continue;
            }
            called[call.Callee] = [call.Receiver];
            foreach (var inner in byCaller[call.Callee])
                next.Enqueue((inner.Callee, inner.Receiver));
            foreach (var inner in Overrides(types, call.Callee).Append(StaticConstructor(call.Callee)))
                next.Enqueue((inner, null));
        }
        return
        [
            .. types.SelectMany(type =>
                type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    .SelectMany(property => Missing(type, property).Select(owner => $"{owner.Name}.{property.Name}"))
            ),
        ];

        IEnumerable<Type> Missing(Type type, PropertyInfo property)
        {
            var receivers = Getters(property).SelectMany(getter => called.GetValueOrDefault(getter, [])).ToList();
            return receivers.Count == 0
                ? [type]
                : types.Where(derived =>
                    derived.BaseType == type && !receivers.Exists(receiver => receiver?.IsAssignableFrom(derived) != false)
                );
        }
    }

    // A property that overrides another is read through the one that it overrides, too.
    private static IEnumerable<string> Getters(PropertyInfo property) =>
        new[] { property.GetMethod!, property.GetMethod!.GetBaseDefinition() }.Select(getter =>
            $"{getter.DeclaringType!.FullName}::{getter.Name}"
        );

    // A call of a method may run the method of a derived type that overrides it.
    private static IEnumerable<string> Overrides(IReadOnlyList<Type> types, string callee)
    {
        var (type, method) = Split(callee);
        return types
            .Where(derived => derived.BaseType?.FullName == type && types.Contains(derived.BaseType))
            .Select(derived => $"{derived.FullName}::{method}");
    }

    // The values of static fields are calculated before the first call of a method.
    private static string StaticConstructor(string callee) => $"{Split(callee).Type}::.cctor";

    private static (string Type, string Method) Split(string method)
    {
        var at = method.IndexOf("::", StringComparison.Ordinal);
        return (method[..at], method[(at + 2)..]);
    }

    /// <summary>A record with properties that are read in different ways, or not.</summary>
    /// <param name="Read">Read directly.</param>
    /// <param name="Derived">Read by <see cref="Twice"/>, which is read.</param>
    /// <param name="InLambda">Read in a lambda.</param>
    /// <param name="Printed">Read only by the record's own PrintMembers.</param>
    /// <param name="Compared">Read only by the record's own Equals and by <see cref="Unused"/>, which is not called.</param>
    public sealed record MadeUp(int Read, int Derived, int InLambda, int Printed, int Compared) : MadeUpPart(Read)
    {
        /// <summary>A derived value.</summary>
        public int Twice => Derived * 2;

        /// <summary>A derived value that overrides another.</summary>
        public override int Part => First + Derived;

        private int First { get; init; }

        /// <summary>Not called.</summary>
        public int Unused() => Compared;
    }

    /// <summary>The base type of <see cref="MadeUp"/>.</summary>
    /// <param name="InBase">Read only through <see cref="MadeUp"/>.</param>
    public record MadeUpPart(int InBase)
    {
        /// <summary>Read in a pattern, only through <see cref="MadeUp"/>.</summary>
        public int InPattern { get; init; }

        /// <summary>Read through the base type.</summary>
        public int InHelper { get; init; }

        /// <summary>Read after a branch, through one derived type or the other.</summary>
        public int InBranch { get; init; }

        /// <summary>Overridden, and read only through <see cref="MadeUp"/>.</summary>
        public virtual int Part => 1;
    }

    /// <summary>A second type that derives from <see cref="MadeUpPart"/>, without a property of its own.</summary>
    /// <param name="InBase">The property of the base type.</param>
    public sealed record OtherPart(int InBase) : MadeUpPart(InBase);

    private static class MadeUpReader
    {
        public static int Sum(MadeUp record) =>
            $"{record}{record.ToString()}{record.GetHashCode()}{record == new MadeUp(1, 2, 3, 4, 5)}".Length
            + record.Read
            + record.Twice
            + record.Part
            + new[] { record }.Sum(one => one.InLambda + one.InBase)
            + (record is { InPattern: 1 } ? 1 : 0)
            + Both(record)
            + Either(record, null);

        private static int Both(MadeUpPart part) => part.InHelper;

        private static int Either(MadeUp? one, OtherPart? other) => ((MadeUpPart?)one ?? other)!.InBranch;
    }
}
