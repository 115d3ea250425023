using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ExplainService.Api.Access;

/// <summary>Callers by tokens of OpenID Connect.</summary>
internal static class TokenCallers
{
    private const string ModelsClaim = "models";

    /// <summary>Claims that hold scopes: of RFC 8693 and RFC 9068, of Entra, of roles.</summary>
    private static readonly string[] ScopeClaims = ["scope", "scp", "roles", "role"];

    /// <summary>Claims that name who it is: a person, else a program.</summary>
    private static readonly string[] SubjectClaims = ["sub", "client_id", "azp"];

    /// <summary>Registers the framework's own checks of tokens: signature, issuer, audience, times.</summary>
    public static void AddTokens(this IServiceCollection services, AuthOptions auth)
    {
        if (auth.Authority is not { } authority)
        {
            return;
        }

        services
            .AddAuthentication()
            .AddJwtBearer(bearer =>
            {
                bearer.Authority = authority;
                bearer.Audience = auth.Audience;
                // Authorities on this machine alone may be without TLS; the settings say so.
                bearer.RequireHttpsMetadata = authority.StartsWith(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
                bearer.MapInboundClaims = false;
                bearer.SaveToken = false;
                bearer.Events = new JwtBearerEvents { OnTokenValidated = KeepEmptyModels };
            });
    }

    /// <summary>An empty list becomes no claim, and would restrict nothing.</summary>
    private static Task KeepEmptyModels(TokenValidatedContext context)
    {
        if (
            context is { SecurityToken: JsonWebToken token, Principal.Identity: ClaimsIdentity identity }
            && token.TryGetPayloadValue<object>(ModelsClaim, out _)
            && !identity.HasClaim(claim => claim.Type == ModelsClaim)
        )
        {
            identity.AddClaim(new Claim(ModelsClaim, ""));
        }

        return Task.CompletedTask;
    }

    /// <summary>Whose token the request bears; null: nobody's that would do.</summary>
    public static async Task<Caller?> FindAsync(HttpContext context, AuthOptions auth)
    {
        var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme).ConfigureAwait(false);
        return result.Succeeded ? Of(result.Principal, auth) : null;
    }

    /// <summary>The caller of a token that was checked; null where it names nobody.</summary>
    public static Caller? Of(ClaimsPrincipal principal, AuthOptions auth)
    {
        if (SubjectClaims.Select(principal.FindFirst).FirstOrDefault(claim => claim is { Value.Length: > 0 }) is not { } subject)
        {
            return null;
        }

        var models = Values(principal, ModelsClaim).ToFrozenSet(StringComparer.Ordinal);
        return new Caller
        {
            Id = Caller.IdOfToken(subject.Value),
            Name = subject.Value,
            Scopes = ScopeClaims.SelectMany(type => Values(principal, type)).ToFrozenSet(StringComparer.Ordinal),
            Models = principal.HasClaim(claim => claim.Type == ModelsClaim) ? models : null,
            RequestsPerMinute = auth.RequestsPerMinute,
            EvaluationsPerHour = auth.EvaluationsPerHour,
        };
    }

    private static IEnumerable<string> Values(ClaimsPrincipal principal, string type) =>
        principal.FindAll(type).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
