using ExplainService.Api.Access;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Lets in who may ask, where <c>Auth</c> has keys or an authority. What is not marked as open needs a caller, and so does a path at
/// which nothing answers.
/// </summary>
internal sealed class AccessGate(RequestDelegate next, AuthOptions auth, CallerAccounts accounts)
{
    private const string Bearer = "Bearer ";
    private const string Challenge = "Bearer realm=\"ExplainService\"";

    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(10);

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (auth.IsOn && !IsOpen(context))
        {
            var caller = await CallerAsync(context).ConfigureAwait(false);
            caller.CheckScope(context.GetEndpoint()?.Metadata.GetMetadata<NeededScope>()?.AnyOf ?? []);
            RequestFacts.Of(context).AskedBy(caller, accounts.Of(caller));
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>Probes know no key; the page of Swagger is a file of the program and no endpoint; the rehearsal comes over no connection.</summary>
    private static bool IsOpen(HttpContext context) =>
        RequestFacts.Of(context).IsRehearsal
        || context.Request.Path.StartsWithSegments("/health")
        || context.Request.Path.StartsWithSegments("/swagger")
        || context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null
        || context.GetEndpoint()?.Metadata.GetMetadata<OpenAsFile>()?.IsFile(context.Request) == true;

    private async Task<Caller> CallerAsync(HttpContext context)
    {
        if (Presented(context.Request) is not { } presented)
        {
            throw Unknown(context, Challenge, $"Send a key as Authorization: Bearer … or {KeyHeader.Name}.");
        }

        return ApiKeys.Find(auth.Keys, presented)
            ?? await TokenAsync(context).ConfigureAwait(false)
            ?? throw Unknown(context, Challenge + ", error=\"invalid_token\"", "The key or token is not known here, or no longer valid.");
    }

    /// <summary>The one key that was sent: of two different ones it is not clear who asks.</summary>
    private static string? Presented(HttpRequest request)
    {
        string[] sent =
        [
            .. request.Headers[KeyHeader.Name].OfType<string>().Select(value => value.Trim()),
            .. request
                .Headers.Authorization.OfType<string>()
                .Where(value => value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
                .Select(value => value[Bearer.Length..].Trim()),
        ];
        return sent.Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).ToArray() is [var one] ? one : null;
    }

    private async Task<Caller?> TokenAsync(HttpContext context)
    {
        if (auth.Authority is null || !context.Request.Headers.ContainsKey(HeaderNames.Authorization))
        {
            return null;
        }

        try
        {
            return await TokenCallers.FindAsync(context, auth).ConfigureAwait(false);
        }
        catch (Exception away) when (away is InvalidOperationException or HttpRequestException or IOException)
        {
            // The issuer's keys cannot be fetched: no token can be checked now, this one's owner is not at fault.
            throw new ServiceBusyException("The authority that issues tokens does not answer.", AfterOutage, unavailable: true);
        }
    }

    private static CallerRefusedException Unknown(HttpContext context, string challenge, string detail)
    {
        context.Response.AtStart(headers => headers.WWWAuthenticate = challenge);
        return CallerRefusedException.Unknown(detail);
    }
}
