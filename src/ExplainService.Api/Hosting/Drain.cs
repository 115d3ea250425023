using ExplainService.Api.Telemetry;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>Counts requests, and refuses new ones once the service drains; its health still answers.</summary>
internal sealed class DrainGate(RequestDelegate next, Readiness readiness)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/health"))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        readiness.Enter();
        try
        {
            if (readiness.Draining)
            {
                context.Response.Headers.Connection = "close";
                throw new ServiceBusyException("the service is shutting down", RetryAfter, unavailable: true);
            }

            await next(context).ConfigureAwait(false);
        }
        finally
        {
            readiness.Leave();
        }
    }
}

/// <summary>
/// Holds the shutdown back until the running requests have ended. The port stays open meanwhile, so that clients and load
/// balancers are told 503 rather than refused.
/// </summary>
internal sealed class DrainService(
    Readiness readiness, IHostApplicationLifetime lifetime, IOptions<ServerLimits> limits, TimeProvider time, ILogger<DrainService> log)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => readiness.Draining = true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Draining = true;
        log.Draining(readiness.Running);
        var started = time.GetTimestamp();
        while (readiness.Running > 0
            && time.GetElapsedTime(started).TotalSeconds < limits.Value.DrainSeconds
            && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Poll, time, CancellationToken.None).ConfigureAwait(false);
        }

        log.Drained(time.GetElapsedTime(started).TotalMilliseconds, readiness.Running);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
