namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>
/// Agreement with the spans that a person gives as reasons (DeYoung et al. 2020): the area under precision over recall of the scores, F1 of
/// the tokens of as many units as the rationale has, and F1 of stretches of them that share half or more with one of its own.
/// </summary>
internal sealed class Plausibility : Metric
{
    private const double Overlap = 0.5;

    /// <inheritdoc/>
    public override string Name => "plausibility";

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Parts => ["auprc", "token_f1", "iou_f1"];

    /// <inheritdoc/>
    public override bool ReadsTexts => false;

    /// <inheritdoc/>
    public override string? Refuses(Evidence evidence, bool hasProbabilities) =>
        evidence.Rationale is null ? "it needs \"rationale\", the spans that a person gives as reasons" : null;

    /// <inheritdoc/>
    public override Figures Of(JudgedScores judged, ISetValues values, Evidence evidence)
    {
        var truth = evidence.Rationale!;
        var chosen = new bool[truth.Length];
        foreach (var unit in judged.Order.AsSpan(0, truth.Count(inside => inside)))
        {
            chosen[unit] = true;
        }

        var shared = Tokens(unit => truth[unit] && chosen[unit]);
        return new Figures(
            PrecisionRecallArea(judged, truth),
            F1((double)shared / Tokens(unit => chosen[unit]), (double)shared / Tokens(unit => truth[unit])),
            StretchF1(Stretches(truth, evidence), Stretches(chosen, evidence))
        );

        int Tokens(Func<int, bool> which) => evidence.Tokens.Where((_, unit) => which(unit)).Sum();
    }

    /// <summary>
    /// As scikit-learn's curve: a point for every distinct score, from recall 0 at precision 1, joined by straight lines.
    /// </summary>
    private static double PrecisionRecallArea(JudgedScores judged, bool[] truth)
    {
        var (area, recall, precision, hits) = (0.0, 0.0, 1.0, 0);
        var all = truth.Count(inside => inside);
        for (var place = 0; place < judged.Units; place++)
        {
            hits += truth[judged.Order[place]] ? 1 : 0;
            if (place + 1 < judged.Units && judged.Scores[judged.Order[place + 1]].Equals(judged.Scores[judged.Order[place]]))
            {
                continue;
            }

            var (nextRecall, nextPrecision) = ((double)hits / all, (double)hits / (place + 1));
            area += (nextRecall - recall) * (precision + nextPrecision) / 2;
            (recall, precision) = (nextRecall, nextPrecision);
            if (hits == all)
            {
                break;
            }
        }

        return area;
    }

    private static List<Range> Stretches(bool[] chosen, Evidence evidence)
    {
        var found = new List<Range>();
        for (var unit = 0; unit < chosen.Length; unit++)
        {
            if (!chosen[unit])
            {
                continue;
            }

            if (unit > 0 && chosen[unit - 1] && !evidence.BeginsText[unit])
            {
                found[^1] = found[^1].Start..(unit + 1);
            }
            else
            {
                found.Add(unit..(unit + 1));
            }
        }

        // In tokens, which stretches are measured in.
        var before = new int[chosen.Length + 1];
        for (var unit = 0; unit < chosen.Length; unit++)
        {
            before[unit + 1] = before[unit] + evidence.Tokens[unit];
        }

        return [.. found.Select(stretch => before[stretch.Start.Value]..before[stretch.End.Value])];
    }

    private static double StretchF1(List<Range> truth, List<Range> chosen)
    {
        var matched = chosen.Count(own => truth.Any(other => Iou(own, other) >= Overlap));
        return F1((double)matched / chosen.Count, (double)matched / truth.Count);
    }

    private static double Iou(Range a, Range b)
    {
        var shared = Math.Min(a.End.Value, b.End.Value) - Math.Max(a.Start.Value, b.Start.Value);
        var all = a.End.Value - a.Start.Value + b.End.Value - b.Start.Value - shared;
        return shared <= 0 ? 0 : (double)shared / all;
    }

    private static double F1(double precision, double recall) => precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}
