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
            ? Read(row.Answer)
            : Written(await explainer.ExplainAsync(question.Template.Build(row), stop).ConfigureAwait(false));
        var before = question.Before is { } other
            ? EarlierAnswer.Of(
                Written(await explainer.ExplainAsync(other.Build(row), stop).ConfigureAwait(false)),
                models.Find(other.Model!).FileHash is { } hash ? [hash] : []
            )
            : row.Before;
        if (now is null && before is null)
        {
            return (null, false);
        }

        var isComparable = question.Before is not null || row.HasSameText == true;
        bool? flipped =
            isComparable
            && now is { } answer
            && RowLabels.Predicted(answer) is { } label
            && Read(before) is { } earlier
            && RowLabels.Predicted(earlier) is { } labelBefore
                ? label != labelBefore
                : null;
        return (ResultLines.Of(row, now, before, flipped), now?.TryGetProperty("status", out _) == true);
    }

    private static JsonElement Written(Explanation answer) => JsonSerializer.SerializeToElement(answer, answer.GetType(), JobsJson.Kept);

    private static JsonElement? Read(string? json) => json is null ? null : JsonElement.Parse(json);
}
