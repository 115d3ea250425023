using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Shapley;

/// <summary>How the evaluations of a <c>/shap</c> request are shared out, and whether they are enough for what is asked.</summary>
/// <param name="Total">The most evaluations of the text.</param>
/// <param name="Top">Of them, for the coarsest units.</param>
internal sealed record ShapBudget(int Total, int Top)
{
    // A matrix of more pairs is an answer of many megabytes that nobody reads.
    private const int MaxInteracting = 512;

    // There are 41,664 triples of so many units, each with a term of every pair of coalitions.
    private const int MaxInTriples = 64;

    /// <summary>All for the units where they are of one size; at most half for the coarsest of a hierarchy.</summary>
    /// <param name="request">The request.</param>
    /// <param name="units">How many units, of the coarsest where there are several levels.</param>
    /// <param name="deep">Whether there are several levels.</param>
    /// <param name="otherwise">The total where the request names none.</param>
    /// <exception cref="InvalidRequestException">What is asked needs more evaluations (422).</exception>
    public static ShapBudget Of(ShapRequest request, int units, bool deep, int otherwise)
    {
        var exact = request.Algorithm == ShapAlgorithm.Exact;
        if (exact)
        {
            CheckExact(request, units);
        }

        var all = units <= ExactShapley.MaxUnits ? 1 << units : int.MaxValue;
        var total =
            request.MaxEvaluations
            ?? (
                !exact ? otherwise
                : deep ? all + otherwise
                : Math.Max(2, all)
            );
        var top =
            !deep ? total
            : exact || all <= total / 2 ? Math.Max(2, all)
            : Math.Max(2, total / 2);
        if (request.Interactions is { Order: > 0 })
        {
            CheckInteractions(request, units, top);
        }

        return new ShapBudget(total, top);
    }

    private static void CheckExact(ShapRequest request, int units)
    {
        var most = request.MaxEvaluations is null
            ? ExactShapley.DefaultUnits
            : Math.Min(ExactShapley.MaxUnits, (int)Math.Floor(Math.Log2(request.MaxEvaluations.Value)));
        if (units > most)
        {
            throw InvalidRequestException.CannotDo(
                "algorithm",
                FormattableString.Invariant(
                    $"\"exact\" scores all 2^{units} coalitions of the text's {units} units; the limit here is {most} units. Use \"kernel\" or \"auto\", a coarser granularity, or raise max_evaluations (up to {ExactShapley.MaxUnits} units)."
                )
            );
        }
    }

    private static void CheckInteractions(ShapRequest request, int units, int evaluations)
    {
        if (request.Algorithm == ShapAlgorithm.Partition)
        {
            throw InvalidRequestException.CannotDo(
                "interactions",
                "\"partition\" never sees units of different groups apart and has no interactions to give; use \"auto\", \"exact\", \"kernel\" or \"permutation\"."
            );
        }

        if (request.Interactions!.Order > 2 && units > MaxInTriples)
        {
            throw InvalidRequestException.CannotDo(
                "interactions",
                FormattableString.Invariant(
                    $"Interactions of three are given for at most {MaxInTriples} units, and the text has {units}; choose a coarser granularity, or true for those of two."
                )
            );
        }

        if (units > MaxInteracting || (units > 1 && evaluations < Math.Min(2L * units, 1L << Math.Min(units, 40))))
        {
            throw InvalidRequestException.CannotDo(
                "interactions",
                FormattableString.Invariant(
                    $"Interactions of {units} units take at least {2L * units} evaluations (here {evaluations}) and are given for at most {MaxInteracting} units; raise max_evaluations or choose a coarser granularity."
                )
            );
        }
    }
}
