using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace InfraCdktf.Tests.Support;

/// <summary>A call in compiled code.</summary>
/// <param name="Caller">
/// The method that calls: <c>Namespace.Type+NestedType::Method</c>. Code that the compiler moves into types and methods of its
/// own (lambdas, local functions, iterators, async methods) counts as the method that contains it in the source.
/// </param>
/// <param name="Callee">The method that is called, in the same form. A property is its getter or setter: <c>get_Name</c>.</param>
public sealed record CompiledCall(string Caller, string Callee);

/// <summary>Reads the calls of compiled code.</summary>
public static partial class CompiledCalls
{
    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes)
        .GetFields()
        .Select(field => field.GetValue(null))
        .OfType<OpCode>()
        .ToDictionary(code => code.Value);

    /// <summary>All calls of an assembly. A method that is only named, for example as a delegate, counts as called.</summary>
    public static IReadOnlyList<CompiledCall> Of(Assembly assembly)
    {
        using var file = File.OpenRead(assembly.Location);
        using var image = new PEReader(file);
        var code = image.GetMetadataReader();
        return [.. code.TypeDefinitions.SelectMany(type => Calls(image, code, type))];
    }

    private static IEnumerable<CompiledCall> Calls(PEReader image, MetadataReader code, TypeDefinitionHandle handle)
    {
        var type = code.GetTypeDefinition(handle);
        foreach (
            var method in type.GetMethods().Select(code.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0)
        )
        {
            var caller = $"{FullName(code, type)}::{SourceName(code, type, method)}";
            var body = image.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
            foreach (var token in Tokens(body))
                if (Callee(code, MetadataTokens.EntityHandle(token)) is { } callee)
                    yield return new(caller, callee);
        }
    }

    private static string FullName(MetadataReader code, TypeDefinition type)
    {
        var name = code.GetString(type.Name);
        if (type.GetDeclaringType() is not { IsNil: false } outer)
            return $"{code.GetString(type.Namespace)}.{name}";
        var outerName = FullName(code, code.GetTypeDefinition(outer));
        return name.Contains('<', StringComparison.Ordinal) ? outerName : $"{outerName}+{name}";
    }

    private static string FullName(MetadataReader code, TypeReference type)
    {
        var name = code.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(code, code.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}+{name}"
            : $"{code.GetString(type.Namespace)}.{name}";
    }

    /// <summary>
    /// The source's name for a method: <c>&lt;Names&gt;b__3_0</c> and <c>&lt;Names&gt;d__3::MoveNext</c> are Names.
    /// </summary>
    private static string SourceName(MetadataReader code, TypeDefinition type, MethodDefinition method)
    {
        var name = code.GetString(method.Name);
        var typeName = code.GetString(type.Name);
        return Contained().Match(name) is { Success: true } own ? own.Groups[1].Value
            : Contained().Match(typeName) is { Success: true } outer ? outer.Groups[1].Value
            : name;
    }

    private static string? Callee(MetadataReader code, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = code.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        switch (handle.Kind)
        {
            case HandleKind.MethodDefinition:
                var method = code.GetMethodDefinition((MethodDefinitionHandle)handle);
                var type = code.GetTypeDefinition(method.GetDeclaringType());
                return $"{FullName(code, type)}::{SourceName(code, type, method)}";
            case HandleKind.MemberReference:
                var member = code.GetMemberReference((MemberReferenceHandle)handle);
                return TypeName(code, member.Parent) is { } owner ? $"{owner}::{code.GetString(member.Name)}" : null;
            default:
                return null;
        }
    }

    private static string? TypeName(MetadataReader code, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                return FullName(code, code.GetTypeReference((TypeReferenceHandle)handle));
            case HandleKind.TypeDefinition:
                return FullName(code, code.GetTypeDefinition((TypeDefinitionHandle)handle));
            case HandleKind.TypeSpecification:
                // A generic type with arguments: its kind, class or struct, then the type (ECMA-335, II.23.2.14).
                var signature = code.GetBlobReader(code.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
                if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                    return null;
                signature.ReadByte();
                return TypeName(code, signature.ReadTypeHandle());
            default:
                return null;
        }
    }

    /// <summary>Tokens of the methods that the instructions of a body name (ECMA-335, III).</summary>
    private static List<int> Tokens(BlobReader body)
    {
        var tokens = new List<int>();
        while (body.RemainingBytes > 0)
        {
            short value = body.ReadByte();
            if (value == 0xfe)
                value = unchecked((short)(0xfe00 | body.ReadByte()));
            switch (s_opCodes[value].OperandType)
            {
                case OperandType.InlineMethod:
                case OperandType.InlineTok:
                    tokens.Add(body.ReadInt32());
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    body.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    body.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    body.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    var targets = body.ReadInt32();
                    body.Offset += 4 * targets;
                    break;
                default:
                    body.Offset += 4;
                    break;
            }
        }
        return tokens;
    }

    [GeneratedRegex("<([A-Za-z0-9_.]+)>")]
    private static partial Regex Contained();
}
