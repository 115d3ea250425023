using System.Text;
using ExplainService.Api.Tests.Fakes;
using Microsoft.IdentityModel.Tokens;

namespace ExplainService.Api.Tests.Access;

/// <summary>Tokens of OpenID Connect.</summary>
public sealed class TokenTests
{
    public static TheoryData<string, string, int> Claims =>
        new()
        {
            { "scope", "explain openid", 200 },
            { "scope", "openid", 403 },
            { "scp", "jobs explain", 200 },
            { "roles", "explain", 200 },
            { "role", "metrics", 403 },
            { "groups", "explain", 403 },
        };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Scopes_are_what_the_token_says(string claim, string value, int status)
    {
        await using var service = new GuardedService(GuardedService.Tokens);
        using var answer = await AskAsync(service, GuardedService.Token(new() { ["sub"] = "ann", [claim] = value }));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Several_scopes_may_be_a_list_and_models_restrict()
    {
        await using var service = new GuardedService(GuardedService.Tokens);
        string[] scopes = ["explain", "models"];
        using var mine = await AskAsync(
            service,
            GuardedService.Token(
                new()
                {
                    ["sub"] = "ann",
                    ["scp"] = scopes,
                    ["models"] = "good other",
                }
            )
        );
        using var others = await AskAsync(
            service,
            GuardedService.Token(
                new()
                {
                    ["sub"] = "ann",
                    ["scp"] = scopes,
                    ["models"] = "other",
                }
            )
        );

        using var none = await AskAsync(
            service,
            GuardedService.Token(
                new()
                {
                    ["sub"] = "ann",
                    ["scp"] = scopes,
                    ["models"] = Array.Empty<string>(),
                }
            )
        );

        Assert.Equal(200, (int)mine.StatusCode);
        await others.ProblemAsync(403);
        await none.ProblemAsync(403);
    }

    [Fact]
    public async Task A_token_of_somebody_else_for_somebody_else_out_of_time_or_of_nobody_is_a_401()
    {
        await using var service = new GuardedService(GuardedService.Tokens);
        Dictionary<string, object> claims = new() { ["sub"] = "ann", ["scope"] = "explain" };
        string[] tokens =
        [
            GuardedService.Token(claims, signedBy: new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('x', 40)))),
            GuardedService.Token(claims, audience: "another"),
            GuardedService.Token(claims, issuer: "https://another.example"),
            GuardedService.Token(claims, expires: new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
            GuardedService.Token(new() { ["scope"] = "explain" }),
            GuardedService.Token(claims)[..^8],
            "no.token.atall",
        ];
        foreach (var token in tokens)
        {
            using var answer = await AskAsync(service, token);
            await answer.ProblemAsync(401);
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }

        Assert.Null(service.Explainer.Last);
    }

    [Fact]
    public async Task Keys_and_tokens_stand_beside_each_other()
    {
        await using var service = new GuardedService([.. GuardedService.Tokens, .. TestKeys.Settings(0, "program")]);
        using var key = await AskAsync(service, TestKeys.Of("program"));
        using var token = await AskAsync(service, GuardedService.Token(new() { ["client_id"] = "app", ["scope"] = "explain" }));

        Assert.Equal([200, 200], new[] { key, token }.Select(answer => (int)answer.StatusCode));
    }

    private static Task<HttpResponseMessage> AskAsync(GuardedService service, string credential) =>
        service.PredictAsync(("Authorization", "Bearer " + credential));
}
