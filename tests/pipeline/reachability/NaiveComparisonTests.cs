using System.Text.Json.Nodes;
using FsCheck.Fluent;
using InfraCdktf.Pipeline.Reachability;
using InfraCdktf.Tests.Support;

namespace InfraCdktf.Tests.Pipeline.Reachability;

/// <summary>
/// Two implementations give the same answer for random clusters and policies, in the JSON of Kubernetes and of Terraform.
/// </summary>
[Trait("Level", "pure")]
public sealed class NaiveComparisonTests(ITestOutputHelper output)
{
    /// <summary>Number of random sets: 10,000 if LONG_TESTS=1 (.ci/run --long), else a sample of 1,000.</summary>
    private static readonly int s_sets = System.Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 10_000 : 1_000;

    [Fact]
    public void Evaluator_agrees_with_the_naive_one_on_random_policies()
    {
        var (allowed, denied) = (0, 0);
        Examples.Satisfy(
            Gen.Choose(0, int.MaxValue),
            seed =>
            {
                var random = new RandomPolicies(seed);
                var naive = new NaiveReachability(random.Namespaces, random.Policies);
                var evaluator = new Evaluator(seed % 2 == 0 ? FromKubernetes(random) : FromTerraform(random));
                foreach (var (port, protocol) in random.Ports)
                {
                    foreach (var from in random.Endpoints)
                    {
                        foreach (var to in random.Endpoints)
                        {
                            var expected = naive.CanConnect(from, to, port, protocol);
                            var answer = evaluator.Evaluate(
                                from,
                                to,
                                new(port, Enum.Parse<Protocol>(protocol, ignoreCase: true))
                            );
                            if (answer.Allowed != expected)
                                throw new InvalidOperationException(Difference(seed, random, answer));
                            _ = expected ? allowed++ : denied++;
                        }
                    }
                }
                return true;
            },
            s_sets
        );
        output.WriteLine($"{s_sets} sets of policies, {allowed} connections allowed, {denied} denied, 0 differences.");
        // If nearly all connections were allowed or denied, the comparison would prove little.
        Assert.InRange((double)denied / (allowed + denied), 0.2, 0.8);
    }

    private static Cluster FromKubernetes(RandomPolicies random) =>
        new()
        {
            Namespaces = random.Namespaces,
            Policies = [.. random.Policies.Select((policy, index) => PolicyParser.Parse(policy, $"policy {index}"))],
        };

    private static Cluster FromTerraform(RandomPolicies random) =>
        SynthesizedCluster.Parse(new Dictionary<string, JsonObject> { ["stack"] = random.Stack() });

    private static string Difference(int seed, RandomPolicies random, Answer answer) =>
        $"""
            Set {seed}: the naive implementation says {!answer.Allowed}, the evaluator says
            {answer.Explain()}
            from {answer.From} {Describe(answer.From)}
            to {answer.To} {Describe(answer.To)}
            namespaces {string.Join("; ", random.Namespaces.Select(space => $"{space.Key}: {string.Join(',', space.Value)}"))}
            {string.Join('\n', random.Policies.Select(policy => policy.ToJsonString()))}
            """;

    private static string Describe(Endpoint endpoint) =>
        endpoint switch
        {
            Pod pod => $"{string.Join(',', pod.Labels)} ports {string.Join(',', pod.Ports)} "
                + $"address {pod.Address} host {pod.HostNetwork}",
            Outside outside => outside.Block.ToString(),
            _ => "",
        };
}
