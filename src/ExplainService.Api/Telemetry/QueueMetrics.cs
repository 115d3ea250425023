using System.Diagnostics.Metrics;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;

namespace ExplainService.Api.Telemetry;

/// <summary>What the queue in front of the device holds and has run, read when <c>/metrics</c> is.</summary>
internal sealed class QueueMetrics
{
    /// <summary>Creates the instruments.</summary>
    public QueueMetrics(IMeterFactory meters, IModelRegistry models)
    {
        // Another registry (a test's) has no queue to speak of.
        if (models is not ModelRegistry { Scheduler: var queue })
        {
            return;
        }

        var meter = meters.Create(ServiceMetrics.MeterPrefix + ".Queue");
        var totals = queue.Totals;
        meter.CreateObservableGauge(
            "explain_queue_backlog_seconds",
            () => queue.Backlog.TotalSeconds,
            "s",
            "Estimated work that waits for the device."
        );
        meter.CreateObservableCounter("explain_device_rows", () => totals.Rows, description: "Rows that the device computed.");
        meter.CreateObservableCounter("explain_device_batches", () => totals.Batches, description: "Batches that the device ran.");
        meter.CreateObservableCounter("explain_device_tokens", () => totals.Tokens, description: "Tokens of those rows, without padding.");
        meter.CreateObservableCounter(
            "explain_device_padded_tokens",
            () => totals.PaddedTokens,
            description: "Tokens of those batches, padding included."
        );
        meter.CreateObservableCounter("explain_device_busy_seconds", () => totals.Busy.TotalSeconds, "s", "Time that the device was busy.");
    }
}
