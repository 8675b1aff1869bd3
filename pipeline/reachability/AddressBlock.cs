using System.Net;

namespace InfraCdktf.Pipeline.Reachability;

/// <summary>The addresses of a range except some ranges inside it: the content of an <c>ipBlock</c>.</summary>
/// <param name="Range">The range.</param>
/// <param name="Except">The ranges that are excluded.</param>
public sealed record AddressBlock(IPNetwork Range, IReadOnlyList<IPNetwork> Except)
{
    /// <summary>A whole range in CIDR notation.</summary>
    /// <exception cref="FormatException">The text is not a range.</exception>
    public static AddressBlock Of(string range) =>
        new(AddressText.Range(range) ?? throw new FormatException($"\"{range}\" is not a range in CIDR notation."), []);

    /// <summary>True if the excluded ranges cover the whole range.</summary>
    public bool IsEmpty => Covered(Range, Except);

    /// <summary>True if at least one address is in both blocks. Blocks of different IP families never overlap.</summary>
    public bool Overlaps(AddressBlock other)
    {
        var smaller = Range.PrefixLength >= other.Range.PrefixLength ? Range : other.Range;
        var larger = Range.PrefixLength >= other.Range.PrefixLength ? other.Range : Range;
        return Within(larger, smaller) && !Covered(smaller, [.. Except, .. other.Except]);
    }

    /// <summary>True if the address is in the block.</summary>
    public bool Contains(IPAddress address) => Range.Contains(address) && !Except.Any(hole => hole.Contains(address));

    /// <summary>True if every address of <paramref name="inner"/> is in <paramref name="outer"/>.</summary>
    public static bool Within(IPNetwork outer, IPNetwork inner) =>
        outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);

    /// <inheritdoc/>
    public override string ToString() => Except.Count == 0 ? $"{Range}" : $"{Range} except {string.Join(", ", Except)}";

    // Two ranges are either nested or disjoint. So a range that no single excluded range covers is covered only if both its
    // halves are covered.
    private static bool Covered(IPNetwork range, IReadOnlyList<IPNetwork> holes)
    {
        if (holes.Any(hole => Within(hole, range)))
            return true;
        var inside = holes.Where(hole => Within(range, hole)).ToList();
        return inside.Count > 0 && Halves(range).All(half => Covered(half, inside));
    }

    private static IPNetwork[] Halves(IPNetwork range)
    {
        var upper = range.BaseAddress.GetAddressBytes();
        upper[range.PrefixLength / 8] |= (byte)(0x80 >> (range.PrefixLength % 8));
        return [new(range.BaseAddress, range.PrefixLength + 1), new(new IPAddress(upper), range.PrefixLength + 1)];
    }
}
