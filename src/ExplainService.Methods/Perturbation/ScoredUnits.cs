using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Perturbation;

/// <summary>
/// The units that there was time to measure, of a method that measures them one by one. Only they are listed: each of their scores is what
/// it would be without a deadline, and a zero for the others would be a statement about them.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="scores">[output][unit]; not a number for units that were not measured.</param>
internal sealed class ScoredUnits(ExplanationContext context, double[][] scores)
{
    private readonly int[] listed = [.. Enumerable.Range(0, scores[0].Length).Where(unit => !double.IsNaN(scores[0][unit]))];

    /// <summary>Scores of the listed units, [output][listed unit].</summary>
    public double[][] Scores => Of(scores);

    /// <summary>The same of anything that there is for every unit.</summary>
    public double[][] Of(double[][] values) => [.. values.Select(own => listed.Select(unit => own[unit]).ToArray())];

    /// <summary>Says that the time was up.</summary>
    /// <param name="evaluations">Texts scored until then.</param>
    /// <exception cref="NoPartialResultException">
    /// A unit has no score and the model generates: its answer lists scores of every token.
    /// </exception>
    public void Warn(long evaluations)
    {
        var missing = scores[0].Length - listed.Length;
        if (missing > 0 && context.Target.Generation is not null)
        {
            throw new NoPartialResultException();
        }

        context.Warnings.Add(
            context.Deadline.PartialResult(
                $"{evaluations} evaluations",
                missing == 0
                    ? ""
                    : FormattableString.Invariant($" {missing} of {scores[0].Length} units were not reached and are not listed.")
            )
        );
    }
}
