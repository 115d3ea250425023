using System.Globalization;
using ExplainService.Api.Access;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;

namespace ExplainService.Api.Hosting;

/// <summary>Counts the requests of each caller, and tells how far they are from their limits.</summary>
internal sealed class RateGate(RequestDelegate next, CallerRates rates, CallerAccounts accounts)
{
    /// <summary>The fields, for browsers of other sites to be shown.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy"];

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (RequestFacts.Of(context).Caller is { } caller)
        {
            context.Response.AtStart(headers => Tell(headers, caller));
            rates.Count(caller);
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>All limits as policies, and of the one that is nearest how much is left (draft-ietf-httpapi-ratelimit-headers).</summary>
    private void Tell(IHeaderDictionary headers, Caller caller)
    {
        RateState[] states = [.. new[] { rates.State(caller), accounts.Budget(caller) }.OfType<RateState>()];
        if (states.MinBy(state => (double)state.Remaining / state.Limit) is not { } nearest)
        {
            return;
        }

        headers["RateLimit-Limit"] = nearest.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = nearest.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = Math.Ceiling(nearest.Reset.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Policy"] = string.Join(
            ", ",
            states.Select(state => FormattableString.Invariant($"\"{state.Name}\";q={state.Limit};w={state.Window.TotalSeconds}"))
        );
    }
}
