using ExplainService.Jobs.Contracts;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Runtime;

namespace ExplainService.Jobs.Work;

/// <summary>Counterfactuals of the cases that a report shows, on the model that the job asked.</summary>
internal sealed class CaseChanges(RowExplainer explainer, MethodCatalog catalog, IModelRegistry models)
{
    private const string Endpoint = "/counterfactual";

    /// <summary>
    /// Asks for them; none where the model is not what it was, or knows no other label to change to. Null where it does not load in time.
    /// </summary>
    /// <param name="owner">Whom they are charged to: who posted the job.</param>
    /// <param name="job">The job.</param>
    /// <param name="hashes">What the model was then.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="stop">Nobody waits for them any more.</param>
    public async Task<IReadOnlyList<CaseChange>?> AskAsync(
        string? owner,
        JobRequest job,
        IReadOnlyList<string> hashes,
        IEnumerable<(long Row, string Text, string? Pair)> cases,
        CancellationToken stop
    )
    {
        var template = RowTemplate.Of(job, catalog).As(Endpoint, catalog);
        var asking = explainer.For(owner);
        List<CaseChange> changes = [];
        foreach (var (row, text, pair) in cases)
        {
            try
            {
                var answer = (CounterfactualAnswer)await asking.ExplainAsync(template.Build(text, pair), stop).ConfigureAwait(false);
                if ((template.Model ?? models.Default) is not { } model || !hashes.Contains(models.Find(model).FileHash))
                {
                    return [];
                }

                var found = answer.Counterfactuals is [var first, ..] ? first : null;
                changes.Add(
                    new CaseChange
                    {
                        Row = row,
                        Removed =
                        [
                            .. (found?.Edits ?? []).Where(edit => edit.In is null).Select(edit => new RemovedSpan(edit.Start, edit.End)),
                        ],
                        Label = found?.Prediction.Label,
                        Probability = found?.Prediction.Probability,
                    }
                );
            }
            catch (RowFailedException)
            {
                // Of this text, or of this model, there is none.
            }
            catch (InvalidRequestException)
            {
                return [];
            }
            catch (ModelNotUsableException)
            {
                // Now; it may be otherwise when the report is asked for again.
                return null;
            }
        }

        return changes;
    }
}
