using System.Globalization;
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
public sealed record CompiledCall(string Caller, string Callee)
{
    /// <summary>
    /// The static type of the object whose property is read; null if the call reads no property or the type is not known. The
    /// callee has only the type that declares the property.
    /// </summary>
    public Type? Receiver { get; init; }
}

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
        return [.. code.TypeDefinitions.SelectMany(type => Calls(assembly.ManifestModule, image, code, type))];
    }

    private static IEnumerable<CompiledCall> Calls(
        Module module,
        PEReader image,
        MetadataReader code,
        TypeDefinitionHandle handle
    )
    {
        var type = code.GetTypeDefinition(handle);
        foreach (var methodHandle in type.GetMethods())
        {
            var method = code.GetMethodDefinition(methodHandle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var caller = $"{FullName(code, type)}::{SourceName(code, type, method)}";
            var body = Instructions(image.GetMethodBody(method.RelativeVirtualAddress).GetILReader());
            var targets = body.SelectMany(instruction => instruction.Targets).ToHashSet();
            Instruction? before = null;
            foreach (var instruction in body)
            {
                if (instruction.NamesMethod && Callee(code, MetadataTokens.EntityHandle(instruction.Operand)) is { } callee)
                    yield return new(caller, callee)
                    {
                        Receiver =
                            before is not null
                            && !targets.Contains(instruction.Offset)
                            && callee.Contains("::get_", StringComparison.Ordinal)
                                ? Receiver(before, instruction, module.ResolveMethod(MetadataTokens.GetToken(methodHandle))!)
                                : null,
                    };
                before = instruction;
            }
        }
    }

    // A getter takes only its object. Where no branch ends between the two, the instruction before the call loads it.
    private static Type? Receiver(Instruction before, Instruction call, MethodBase method)
    {
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var getter = method.Module.ResolveMethod(call.Operand, method.DeclaringType!.GetGenericArguments(), ofMethod)!;
        return getter.IsStatic || getter.GetParameters().Length > 0 ? null : Loaded(before, method);
    }

    /// <summary>The static type of the value that an instruction loads; null if it is not known.</summary>
    private static Type? Loaded(Instruction instruction, MethodBase method)
    {
        var module = method.Module;
        var ofType = method.DeclaringType!.GetGenericArguments();
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var name = instruction.Code.Name!;
        if (name.StartsWith("ldarg", StringComparison.Ordinal) && !name.StartsWith("ldarga", StringComparison.Ordinal))
        {
            var position = Position(instruction) - (method.IsStatic ? 0 : 1);
            return position < 0 ? method.DeclaringType : method.GetParameters()[position].ParameterType;
        }
        if (name.StartsWith("ldloc", StringComparison.Ordinal) && !name.StartsWith("ldloca", StringComparison.Ordinal))
            return method.GetMethodBody()!.LocalVariables[Position(instruction)].LocalType;
        return name switch
        {
            "ldfld" or "ldsfld" => module.ResolveField(instruction.Operand, ofType, ofMethod)!.FieldType,
            "call" or "callvirt" => (module.ResolveMethod(instruction.Operand, ofType, ofMethod) as MethodInfo)?.ReturnType,
            "castclass" or "isinst" => module.ResolveType(instruction.Operand, ofType, ofMethod),
            _ => null,
        };
    }

    // "ldarg.1" has its number in its name, "ldarg.s" and "ldarg" in the operand.
    private static int Position(Instruction instruction) =>
        int.TryParse(instruction.Code.Name!.Split('.')[^1], CultureInfo.InvariantCulture, out var number)
            ? number
            : instruction.Operand;

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

    /// <summary>The instructions of a body (ECMA-335, III).</summary>
    private static List<Instruction> Instructions(BlobReader body)
    {
        var instructions = new List<Instruction>();
        while (body.RemainingBytes > 0)
        {
            var offset = body.Offset;
            short value = body.ReadByte();
            if (value == 0xfe)
                value = unchecked((short)(0xfe00 | body.ReadByte()));
            var code = s_opCodes[value];
            var operand = 0;
            IReadOnlyList<int> targets = [];
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget:
                    operand = body.ReadSByte();
                    targets = [body.Offset + operand];
                    break;
                case OperandType.InlineBrTarget:
                    operand = body.ReadInt32();
                    targets = [body.Offset + operand];
                    break;
                case OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    operand = body.ReadByte();
                    break;
                case OperandType.InlineVar:
                    operand = body.ReadUInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    body.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    var distances = new int[body.ReadInt32()];
                    for (var at = 0; at < distances.Length; at++)
                        distances[at] = body.ReadInt32();
                    var next = body.Offset;
                    targets = [.. distances.Select(distance => next + distance)];
                    break;
                default:
                    operand = body.ReadInt32();
                    break;
            }
            instructions.Add(new(offset, code, operand, targets));
        }
        return instructions;
    }

    [GeneratedRegex("<([A-Za-z0-9_.]+)>")]
    private static partial Regex Contained();

    /// <summary>An instruction.</summary>
    /// <param name="Offset">Its position in the body.</param>
    /// <param name="Code">The operation.</param>
    /// <param name="Operand">A token or a number; 0 if it has neither.</param>
    /// <param name="Targets">The positions that it may branch to.</param>
    private sealed record Instruction(int Offset, OpCode Code, int Operand, IReadOnlyList<int> Targets)
    {
        /// <summary>Whether the operand is the token of a method, or may be one.</summary>
        public bool NamesMethod => Code.OperandType is OperandType.InlineMethod or OperandType.InlineTok;
    }
}
