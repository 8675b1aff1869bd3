using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using InfraCdktf.Stacks;

namespace InfraCdktf.Tests.Stacks;

/// <summary>
/// The code of synthesis calls no clock, random number, network, process or environment variable. The test reads the compiled
/// code, because two runs in the same minute would not show the difference.
/// </summary>
[Trait("Level", "pure")]
public sealed class PurityTests
{
    private static readonly string[] s_pure = ["InfraCdktf.Environments", "InfraCdktf.Constructs", "InfraCdktf.Stacks"];

    private static readonly string[] s_forbidden =
    [
        "System.DateTime::get_Now",
        "System.DateTime::get_UtcNow",
        "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow",
        "System.TimeProvider::",
        "System.Diagnostics.Stopwatch::",
        "System.Diagnostics.Process::",
        "System.Random::",
        "System.Guid::NewGuid",
        "System.Guid::CreateVersion7",
        "System.Security.Cryptography.RandomNumberGenerator::",
        "System.Environment::GetEnvironmentVariable",
        "System.Environment::get_CurrentDirectory",
        "System.Environment::get_MachineName",
        "System.Environment::get_TickCount",
        "System.Environment::get_UserName",
        "System.Net.Http.",
        "System.Net.Sockets.Socket::",
        "System.Net.Dns::",
        "System.IO.Path::GetTempPath",
        "System.IO.Path::GetRandomFileName",
        "System.IO.Directory::GetCurrentDirectory",
        "System.TimeZoneInfo::get_Local",
        "System.Console::",
    ];

    [Fact]
    public void Synthesis_calls_no_clock_random_network_process_or_variable() =>
        Assert.Empty(
            Calls().Where(call => s_forbidden.Any(call.Callee.StartsWith)).Select(call => $"{call.Caller} calls {call.Callee}")
        );

    [Fact]
    public void Call_reader_finds_the_calls_of_synthesis()
    {
        var calls = Calls().ToList();
        Assert.Contains(
            calls,
            call => call is { Caller: "InfraCdktf.Stacks.PlatformApp::Synth", Callee: "HashiCorp.Cdktf.App::Synth" }
        );
        Assert.True(calls.Count > 1000, $"Only {calls.Count} calls were found.");
    }

    private static IEnumerable<(string Caller, string Callee)> Calls()
    {
        using var file = File.OpenRead(typeof(PlatformApp).Assembly.Location);
        using var image = new PEReader(file);
        var code = image.GetMetadataReader();
        foreach (var handle in code.TypeDefinitions)
        {
            var type = code.GetTypeDefinition(handle);
            var name = FullName(code, type);
            if (!s_pure.Any(space => name.StartsWith(space, StringComparison.Ordinal)))
                continue;
            foreach (
                var method in type.GetMethods()
                    .Select(code.GetMethodDefinition)
                    .Where(method => method.RelativeVirtualAddress != 0)
            )
            {
                var body = image.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
                foreach (var token in Tokens(body))
                {
                    if (Callee(code, MetadataTokens.EntityHandle(token)) is { } callee)
                        yield return ($"{name}::{code.GetString(method.Name)}", callee);
                }
            }
        }
    }

    // The compiler puts a lambda or a local function into a type nested in the type that contains it.
    private static string FullName(MetadataReader code, TypeDefinition type) =>
        type.GetDeclaringType() is { IsNil: false } outer
            ? FullName(code, code.GetTypeDefinition(outer))
            : $"{code.GetString(type.Namespace)}.{code.GetString(type.Name)}";

    private static string? Callee(MetadataReader code, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = code.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind != HandleKind.MemberReference)
            return null;
        var member = code.GetMemberReference((MemberReferenceHandle)handle);
        if (member.Parent.Kind != HandleKind.TypeReference)
            return null;
        var type = code.GetTypeReference((TypeReferenceHandle)member.Parent);
        return $"{code.GetString(type.Namespace)}.{code.GetString(type.Name)}::{code.GetString(member.Name)}";
    }

    private static readonly Dictionary<short, OpCode> s_opCodes = typeof(OpCodes)
        .GetFields()
        .Select(field => field.GetValue(null))
        .OfType<OpCode>()
        .ToDictionary(code => code.Value);

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
}
