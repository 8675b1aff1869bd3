using System.Net;
using System.Text.Json.Nodes;

namespace InfraCdktf.Tests.Sandbox.Clouds.Kubernetes.Api;

/// <summary>Tokens of ServiceAccounts: their lifetime, the reasons for their end, and their rights.</summary>
[Trait("Level", "real")]
public sealed class TokenTests
{
    private const string Token = "/api/v1/namespaces/default/serviceaccounts/default/token";

    [Fact]
    public async Task Token_under_10_minutes_is_refused_and_a_long_one_shortened()
    {
        await using var api = await ApiFixture.StartAsync();

        var refused = await api.PostAsync(Token, Asking(599));
        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("may not specify a duration less than 10 minutes", refused.Message, StringComparison.Ordinal);

        Assert.Equal("2026-11-21T12:10:00Z", Expires(await api.CreateAsync(Token, Asking(600))));
        // A managed control plane may shorten the requested lifetime: only the answer contains the real expiry.
        Assert.Equal("2026-11-22T12:00:00Z", Expires(await api.CreateAsync(Token, Asking(7 * 24 * 3600))));
    }

    [Fact]
    public async Task Token_is_a_JSON_Web_Token_that_expires()
    {
        await using var api = await ApiFixture.StartAsync();
        var token = (string)(await api.CreateAsync(Token, Asking(600)))["status"]!["token"]!;

        Assert.Equal(3, token.Split('.').Length);
        Assert.Equal("system:serviceaccount:default:default", await NameAsync(api, token));
        api.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.NotNull(await NameAsync(api, token));
        // It was accepted at 599 s, and is remembered for 10 s.
        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await NameAsync(api, token));
        Assert.Null(await NameAsync(api, token[..^2] + "xx"));
        Assert.Null(await NameAsync(api, "no-token"));
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/secrets/pass")]
    [InlineData("/api/v1/namespaces/default/serviceaccounts/guest")]
    public async Task Bound_token_ends_when_its_object_is_deleted(string bound)
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"guest"}}""");
        var secret = await api.CreateAsync("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"pass"}}""");
        var request = $$$"""
            {"spec":{"expirationSeconds":3600,
             "boundObjectRef":{"apiVersion":"v1","kind":"Secret","name":"pass","uid":"{{{secret["metadata"]!["uid"]}}}"} } }
            """;
        var answer = await api.CreateAsync("/api/v1/namespaces/default/serviceaccounts/guest/token", request);
        var token = (string)answer["status"]!["token"]!;
        Assert.NotNull(await NameAsync(api, token));

        (await api.SendAsync(HttpMethod.Delete, bound)).Expect(HttpStatusCode.OK);
        api.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(await NameAsync(api, token));
        // A new object with the same name is a different object.
        await api.CreateAsync(bound[..bound.LastIndexOf('/')], $$$"""{"metadata":{"name":"{{{bound.Split('/')[^1]}}}"} }""");
        Assert.Null(await NameAsync(api, token));
    }

    [Fact]
    public async Task Accepted_token_works_for_10_seconds_after_its_end()
    {
        await using var api = await ApiFixture.StartAsync();
        await api.CreateAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"guest"}}""");
        const string Guest = "/api/v1/namespaces/default/serviceaccounts/guest";
        var used = (string)(await api.CreateAsync($"{Guest}/token", Asking(600)))["status"]!["token"]!;
        var unused = (string)(await api.CreateAsync($"{Guest}/token", Asking(601)))["status"]!["token"]!;
        Assert.NotNull(await NameAsync(api, used));
        (await api.SendAsync(HttpMethod.Delete, Guest)).Expect(HttpStatusCode.OK);

        Assert.Null(await NameAsync(api, unused));
        // A use does not make the time longer.
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.NotNull(await NameAsync(api, used));
            api.Clock.Advance(TimeSpan.FromSeconds(3));
        }
        Assert.NotNull(await NameAsync(api, used));
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await NameAsync(api, used));
    }

    [Fact]
    public async Task Token_has_only_the_rights_of_its_account()
    {
        await using var api = await ApiFixture.StartAsync();
        var token = (string)(await api.CreateAsync(Token, Asking(600)))["status"]!["token"]!;
        var refused = await api.GetAsync("/api/v1/namespaces/default/secrets", token);
        refused.Expect(HttpStatusCode.Forbidden);
        Assert.Equal(
            "secrets is forbidden: User \"system:serviceaccount:default:default\" cannot list resource \"secrets\" "
                + "in API group \"\" in the namespace \"default\"",
            refused.Message
        );
        await api.CreateAsync(
            "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
            """
            {"metadata":{"name":"one"},
             "rules":[{"apiGroups":[""],"resources":["secrets"],"resourceNames":["mine"],"verbs":["get"]}]}
            """
        );
        await api.CreateAsync(
            "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
            """
            {"metadata":{"name":"one"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"one"},
             "subjects":[{"kind":"ServiceAccount","name":"default","namespace":"default"}]}
            """
        );
        (await api.GetAsync("/api/v1/namespaces/default/secrets/mine", token)).Expect(HttpStatusCode.NotFound);
        (await api.GetAsync("/api/v1/namespaces/default/secrets/other", token)).Expect(HttpStatusCode.Forbidden);
        (await api.GetAsync("/api/v1/namespaces/default/secrets", token)).Expect(HttpStatusCode.Forbidden);
        (await api.GetAsync("/api/v1/namespaces/kube-system/secrets/mine", token)).Expect(HttpStatusCode.Forbidden);
        (await api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/default/secrets/mine", token: token)).Expect(
            HttpStatusCode.Forbidden
        );
    }

    private static async Task<string?> NameAsync(ApiFixture api, string token)
    {
        var review = await api.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", token);
        return review.Code == HttpStatusCode.Unauthorized
            ? null
            : (string?)review.Expect(HttpStatusCode.Created)["status"]!["userInfo"]!["username"];
    }

    private static string Asking(int seconds) => $$"""{"spec":{"expirationSeconds":{{seconds}} } }""";

    private static string Expires(JsonNode answer) => (string)answer["status"]!["expirationTimestamp"]!;
}
