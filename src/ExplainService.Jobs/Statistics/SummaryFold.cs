using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Statistics;

/// <summary>
/// Lines of results, in row order, to what they say together. Whoever worked on which row, the sums are the same; lines that come later are
/// added to what those before have left.
/// </summary>
/// <param name="kind">What the job does.</param>
/// <param name="request">What every row is asked.</param>
internal sealed class SummaryFold(JobKind kind, JsonElement? request)
{
    private readonly PredictionSums predictions = new();
    private readonly WordSums words = new();
    private readonly ImportanceSums importance = new();
    private readonly CompareSums comparison = new();
    private readonly NeuronSums neurons = new(request);
    private readonly QualitySums quality = new();
    private readonly ShortcutSums shortcuts = new();
    private readonly SliceSums slices = new();
    private readonly DriftSums drift = new();
    private readonly WarningSums warnings = new();
    private readonly bool listsAll = kind == JobKind.Neurons || RowLabels.AreAll(request);
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
    /// <param name="job">The job as it is now.</param>
    /// <param name="top">Words or features of each list.</param>
    /// <param name="leastDocuments">Rows that each must be in.</param>
    /// <param name="seed">Of the intervals.</param>
    public JobSummary Summary(JobAnswer job, int top, int leastDocuments, long seed)
    {
        var performance = predictions.Performance();
        var compared = comparison.Findings();
        var drifted = drift.Summary(predictions.Shares(), words, top, leastDocuments);
        return new JobSummary
        {
            Id = job.Id,
            Kind = job.Kind,
            State = job.State,
            Answered = answered,
            Failed = failed,
            Model = model,
            Predictions = predictions.Shares(),
            Performance = performance,
            Words = words.IsEmpty ? null : words.Strongest(top, leastDocuments),
            Features = importance.IsEmpty ? null : importance.Strongest(top, leastDocuments, seed),
            Comparison = compared?.Summary,
            Meanings = neurons.Meanings(),
            Drift = drifted,
            Slices = slices.Summary(),
            Shortcuts = shortcuts.Summary(),
            Faithfulness = compared is null ? quality.Summary() : compared.Faithfulness,
            Warnings =
            [
                .. warnings
                    .Answer()
                    .Concat(compared?.Warnings ?? [])
                    .Concat(DriftSums.Warnings(drifted))
                    .Concat(Own(performance))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    private IEnumerable<string> Own(Performance? performance)
    {
        if (!importance.IsEmpty && performance is null)
        {
            yield return "The rows have no labels of their own: drops of accuracy, F1 and log loss are against the model's own predictions.";
        }

        if (!listsAll)
        {
            yield return "The request's top_k leaves labels out: how often the model is right cannot be told.";
        }
    }

    private void Add(JsonElement line)
    {
        drift.Add(line);
        if (line.TryGetProperty("status", out _))
        {
            failed++;
            return;
        }

        if (!line.TryGetProperty("model", out var name))
        {
            // Of a drift: a row that is only among those before.
            return;
        }

        answered++;
        model ??= name.GetString();
        if (kind != JobKind.Compare && line.TryGetProperty("warnings", out var told))
        {
            var row = line.GetProperty("row").GetInt64();
            foreach (var warning in told.EnumerateArray())
            {
                warnings.Add(row, warning.GetString()!);
            }
        }

        AddPrediction(line);
        quality.Add(line);
        shortcuts.Add(line);
        switch (kind)
        {
            case JobKind.Importance:
                importance.Add(line.Deserialize<ImportanceLine>(JobsJson.Lines)!);
                break;
            case JobKind.Compare:
                comparison.Add(line);
                break;
            case JobKind.Neurons:
                neurons.Add(line.Deserialize<NeuronLine>(JobsJson.Lines)!);
                break;
            default:
                words.Add(line);
                break;
        }
    }

    private void AddPrediction(JsonElement line)
    {
        if (
            line.TryGetProperty("prediction", out var predicted)
            && predicted.Deserialize<Prediction>(JobsJson.Lines) is { Label: { } label } prediction
        )
        {
            var truth = listsAll ? RowLabels.Truth(line, prediction) : null;
            var ofTruth = truth is null ? (double?)null : RowLabels.ProbabilityOf(prediction.Labels!, truth);
            predictions.Add(label, prediction.Probability, truth, ofTruth);
            if (line.TryGetProperty("slice", out var slice))
            {
                slices.Of(slice.GetString()!).Add(label, prediction.Probability, truth, ofTruth);
            }
        }
    }
}
