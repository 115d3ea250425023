using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Faithfulness;

/// <summary>An explanation with the scores of the outer request's units.</summary>
/// <param name="Answer">As the answer shows it.</param>
/// <param name="Scores">The scores.</param>
internal sealed record ExplainedSource(EvaluatedExplanation Answer, JudgedScores Scores);

/// <summary>From what a request says of an explanation to scores of its units.</summary>
/// <param name="context">The outer request.</param>
internal sealed class SourceExplainer(ExplanationContext context)
{
    private readonly UnitSet units = context.Units.Leaves;

    /// <summary>Refuses what makes no sense for any model.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    public void Check(ExplanationSource source, string field)
    {
        if (source.Request is not { } request)
        {
            return;
        }

        Inside(field, () => context.Nested!.Check(request));
        if (context.Input.InWindows && !context.Nested!.ReadsWindows(request, context))
        {
            throw InvalidRequestException.CannotDo(
                $"{field}.endpoint",
                "The text is read in windows, and this method looks inside a single pass of the model."
            );
        }
    }

    /// <summary>The scores.</summary>
    /// <param name="source">What the request says.</param>
    /// <param name="field">Where it says it.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public async Task<ExplainedSource> ExplainAsync(ExplanationSource source, string field, CancellationToken cancellationToken) =>
        source.Scores is { } scores
            ? OfScores(source, scores)
            : await OfEndpointAsync(source, source.Request!, field, context, cancellationToken).ConfigureAwait(false);

    /// <summary>The scores of an endpoint's answer, in another context: of another model.</summary>
    public async Task<ExplainedSource> OfEndpointAsync(
        ExplanationSource source,
        TextRequest request,
        string field,
        ExplanationContext within,
        CancellationToken cancellationToken
    )
    {
        Explanation answer;
        try
        {
            answer = await within.Nested!.ExplainAsync(request, within, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidRequestException refused)
        {
            throw refused.Inside(field);
        }

        var scores = ScoresOf(answer, field);
        return new ExplainedSource(
            new EvaluatedExplanation
            {
                Name = source.Name,
                Endpoint = source.Endpoint,
                Method = answer.Method,
                Granularity = units.Name,
                Unsigned = answer.Unsigned,
                Units = units.Answers(context.Input, scores, Errors(answer)),
                Evaluations = answer.Evaluations,
                R2 = answer.Fit,
                CompletenessError = answer.Gap,
                Warnings = answer.Warnings.Count > 0 ? answer.Warnings : null,
                WarningCodes = answer.WarningCodes.Count > 0 ? answer.WarningCodes : null,
                ElapsedMs = answer.ElapsedMs,
            },
            JudgedScores.Of(scores, answer.IsUnsigned)
        );
    }

    /// <summary>Scores of units, or the sums over their tokens of scores of tokens.</summary>
    /// <exception cref="InvalidRequestException">The answer has neither (422).</exception>
    private double[] ScoresOf(Explanation answer, string field)
    {
        if (UnitScores.Of(answer, units) is { } scores)
        {
            return scores;
        }

        throw InvalidRequestException.CannotDo(
            field,
            "This answer has no score for each part of the text; of /attention \"rollout\", \"flow\" and \"gradient_relevance\" have."
        );
    }

    private ExplainedSource OfScores(ExplanationSource source, IReadOnlyList<ScoreRequest> scores)
    {
        // Units are in text order, and spans do not overlap.
        double[] ordered = [.. scores.OrderBy(score => score.Start).Select(score => score.Score)];
        return new ExplainedSource(
            new EvaluatedExplanation
            {
                Name = source.Name,
                Method = "scores",
                Granularity = units.Name,
                Units = units.Answers(context.Input, ordered),
            },
            JudgedScores.Of(ordered, unsigned: false)
        );
    }

    private double[]? Errors(Explanation answer) =>
        answer is UnitExplanation { Units: var scored }
        && scored.Count == units.Units.Count
        && scored.Any(unit => unit.StandardError is not null)
            ? [.. scored.Select(unit => unit.StandardError ?? double.NaN)]
            : null;

    private static void Inside(string field, Action check)
    {
        try
        {
            check();
        }
        catch (InvalidRequestException refused)
        {
            throw refused.Inside(field);
        }
    }
}
