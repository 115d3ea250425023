using System.Text;
using ExplainService.Api.Tests.Fakes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace ExplainService.Api.Tests.Access;

/// <summary>The HTTP side over a fake explainer, in the tests' process, with keys, and an issuer of tokens whose signing key is here.</summary>
internal sealed class GuardedService : FakeHost
{
    public const string Authority = "https://issuer.example";
    public const string Audience = "explain";

    private static readonly SymmetricSecurityKey SigningKey = new(Encoding.UTF8.GetBytes("a key of the tests of 32 bytes or more"));
    private readonly (string Key, string Value)[] settings;

    public GuardedService(params (string Key, string Value)[] settings)
        : this(null, settings) { }

    public GuardedService(TimeProvider? time, params (string Key, string Value)[] settings)
        : base(time)
    {
        this.settings = settings;
        Models.Loading.SetResult();
        StartServer();
    }

    /// <summary>Settings that take the tokens of the tests' issuer.</summary>
    public static (string Key, string Value)[] Tokens => [("Auth:Authority", Authority), ("Auth:Audience", Audience)];

    protected override IEnumerable<(string Key, string Value)> Settings => settings;

    /// <summary>A token with some claims, signed by the issuer or by somebody else.</summary>
    public static string Token(
        Dictionary<string, object> claims,
        string audience = Audience,
        SecurityKey? signedBy = null,
        string issuer = Authority,
        DateTime? expires = null
    )
    {
        var end = expires ?? new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer,
                Audience = audience,
                NotBefore = end.AddYears(-90),
                IssuedAt = end.AddYears(-90),
                Expires = end,
                Claims = claims,
                SigningCredentials = new SigningCredentials(signedBy ?? SigningKey, SecurityAlgorithms.HmacSha256),
            }
        );
    }

    /// <summary>Sends a request with some headers.</summary>
    /// <param name="verb">Its method.</param>
    /// <param name="path">Where to.</param>
    /// <param name="body">Its body; null: none.</param>
    /// <param name="type">The body's content type.</param>
    /// <param name="headers">Headers, each a name and a value.</param>
    public async Task<HttpResponseMessage> SendAsync(
        string verb,
        string path,
        string? body = null,
        string type = "application/json",
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks for a prediction.</summary>
    public Task<HttpResponseMessage> PredictAsync(params (string Name, string Value)[] headers) =>
        SendAsync("POST", "/predict", """{"text": "a"}""", headers: headers);

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.Configure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme,
            bearer =>
            {
                bearer.Configuration = new OpenIdConnectConfiguration { Issuer = Authority };
                bearer.Configuration.SigningKeys.Add(SigningKey);
            }
        );
    }
}
