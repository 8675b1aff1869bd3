using System.Reflection;
using Amazon.JSII.Runtime.Services;
using InfraCdktf.Synthesis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace InfraCdktf.Tests.Synthesis;

/// <summary>What the program does to jsii's type search fits the version of jsii in use.</summary>
[Trait("Level", "pure")]
public sealed class LibrariesTests : IServiceProvider
{
    private readonly object _cache = Activator.CreateInstance(
        typeof(ServiceContainer).Assembly.GetType("Amazon.JSII.Runtime.Services.TypeCache", throwOnError: true)!,
        (ILoggerFactory)NullLoggerFactory.Instance
    )!;

    [Fact]
    public void Search_for_types_leaves_out_assemblies_without_jsii_only()
    {
        Assert.True(Libraries.SkipFramework(this));

        var searched =
            (ISet<string>)
                _cache.GetType().GetField("_assemblies", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_cache)!;
        Assert.Contains(typeof(object).Assembly.FullName!, searched);
        Assert.DoesNotContain(typeof(global::Constructs.Construct).Assembly.FullName!, searched);
        Assert.DoesNotContain(typeof(HashiCorp.Cdktf.App).Assembly.FullName!, searched);
    }

    public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(_cache) ? _cache : null;
}
