using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>What a row is answered now, beside what it was answered before: by another model, or in an earlier job.</summary>
internal sealed class DriftWork(RowExplainer explainer, IModelRegistry models)
{
    /// <summary>The row's line, and whether its answer is a problem; no line where neither side has an answer.</summary>
    public async Task<(byte[]? Line, bool Failed)> AskAsync(InputRow row, RowQuestion question, CancellationToken stop)
    {
        var now = row.IsAnswered
            ? row.Answer
            : Written(await explainer.ExplainAsync(question.Template.Build(row), stop).ConfigureAwait(false));
        var before = question.Before is { } other
            ? EarlierAnswer.Of(
                Parsed(Written(await explainer.ExplainAsync(other.Build(row), stop).ConfigureAwait(false))),
                models.Find(other.Model!).FileHash is { } hash ? [hash] : []
            )
            : row.Before;
        if (now is null && before is null)
        {
            return (null, false);
        }

        var isComparable = question.Before is not null || row.HasSameText == true;
        bool? flipped = isComparable && LabelOf(now) is { } label && LabelOf(before) is { } labelBefore ? label != labelBefore : null;
        return (ResultLines.Of(row, now, before, flipped), now is not null && Parsed(now).TryGetProperty("status", out _));
    }

    private static string Written(Explanation answer) => JsonSerializer.Serialize(answer, answer.GetType(), JobsJson.Kept);

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string? LabelOf(string? answer) =>
        answer is not null
        && Parsed(answer).TryGetProperty("prediction", out var prediction)
        && prediction.TryGetProperty("label", out var label)
            ? label.GetString()
            : null;
}
