using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Statistics;

/// <summary>Lines of results, in row order, to what they say together. Whoever worked on which row, the sums are the same.</summary>
/// <param name="job">The job.</param>
internal sealed class SummaryFold(JobAnswer job)
{
    private readonly PredictionSums predictions = new();
    private readonly WordSums words = new();
    private readonly ImportanceSums importance = new();
    private readonly HashSet<string> warnings = new(StringComparer.Ordinal);
    private readonly bool listsAll = RowLabels.AreAll(job.Request);
    private string? model;
    private long answered;
    private long failed;

    /// <summary>Adds lines.</summary>
    public void Add(ReadOnlyMemory<byte> lines)
    {
        foreach (var line in Segments.Lines(lines))
        {
            using var document = JsonDocument.Parse(line);
            Add(document.RootElement);
        }
    }

    /// <summary>What they say.</summary>
    /// <param name="top">Words or features of each list.</param>
    /// <param name="leastDocuments">Rows that each must be in.</param>
    /// <param name="seed">Of the intervals.</param>
    public JobSummary Summary(int top, int leastDocuments, long seed)
    {
        if (!importance.IsEmpty && predictions.Performance() is null)
        {
            warnings.Add(
                "The rows have no labels of their own: drops of accuracy, F1 and log loss are against the model's own predictions."
            );
        }

        if (!listsAll)
        {
            warnings.Add("The request's top_k leaves labels out: how often the model is right cannot be told.");
        }

        return new JobSummary
        {
            Id = job.Id,
            Kind = job.Kind,
            State = job.State,
            Answered = answered,
            Failed = failed,
            Model = model,
            Predictions = predictions.Shares(),
            Performance = predictions.Performance(),
            Words = words.IsEmpty ? null : words.Strongest(top, leastDocuments),
            Features = importance.IsEmpty ? null : importance.Strongest(top, leastDocuments, seed),
            Warnings = [.. warnings.Order(StringComparer.Ordinal)],
        };
    }

    private void Add(JsonElement line)
    {
        if (line.TryGetProperty("status", out _))
        {
            failed++;
            return;
        }

        answered++;
        model ??= line.GetProperty("model").GetString();
        if (line.TryGetProperty("warnings", out var told))
        {
            warnings.UnionWith(told.EnumerateArray().Select(warning => warning.GetString()!));
        }

        if (
            line.TryGetProperty("prediction", out var predicted)
            && predicted.Deserialize<Prediction>(JobsJson.Kept) is { Label: { } label } prediction
        )
        {
            var given = line.TryGetProperty("label", out var own) ? own.GetString() : null;
            var truth = given is null || !listsAll || prediction.Labels is null ? null : RowLabels.Find(prediction.Labels, given);
            predictions.Add(
                label,
                prediction.Probability,
                truth,
                truth is null ? null : RowLabels.ProbabilityOf(prediction.Labels!, truth)
            );
        }

        if (job.Kind == JobKind.Importance)
        {
            importance.Add(line.GetProperty("row").GetInt64(), line.Deserialize<ImportanceLine>(JobsJson.Kept)!);
        }
        else if (
            line.TryGetProperty("units", out var units)
            && line.TryGetProperty("target", out var target)
            && target.TryGetProperty("label", out var explained)
            && explained.ValueKind == JsonValueKind.String
        )
        {
            words.Add(explained.GetString()!, units);
        }
    }
}
