using ExplainService.Api.Limits;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Runtime;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>Counts requests, and refuses new ones once the service drains; its health and its measurements still answer.</summary>
internal sealed class DrainGate(RequestDelegate next, Readiness readiness)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (Probes.Are(context.Request.Path))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        readiness.Enter();
        try
        {
            if (readiness.Draining)
            {
                context.Response.AtStart(headers => headers.Connection = "close");
                throw ServiceBusyException.ShuttingDown();
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
/// balancers are told 503 rather than refused. What has not ended after <c>Limits:DrainSeconds</c> is ended, and told 503 too.
/// </summary>
internal sealed class DrainService(
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    IOptions<ServerLimits> limits,
    TimeProvider time,
    ILogger<DrainService> log
) : IHostedLifecycleService
{
    /// <summary>What the ended requests get to answer; the host cuts them off after it.</summary>
    public static readonly TimeSpan FinalGracePeriod = TimeSpan.FromSeconds(5);

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
        await WaitAsync(TimeSpan.FromSeconds(limits.Value.DrainSeconds), cancellationToken).ConfigureAwait(false);
        if (readiness.Running > 0)
        {
            log.DrainExpired(readiness.Running);
            await readiness.EndAsync().ConfigureAwait(false);
            // The host's own patience ends with the final grace period; what it then cuts off must not outlast this wait.
            await WaitAsync(FinalGracePeriod - TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
        }

        log.Drained(time.GetElapsedTime(started).TotalMilliseconds, readiness.Running);
    }

    private async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (readiness.Running > 0 && time.GetElapsedTime(started) < longest && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Poll, time, CancellationToken.None).ConfigureAwait(false);
        }
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
