using System.Globalization;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Reports;

/// <summary>Sections of a report that only some jobs have.</summary>
internal static class ReportParts
{
    private const int Listed = 10;

    /// <summary>How far the scores can be trusted.</summary>
    public static void Faithfulness(Html page, JobSummary summary)
    {
        if (summary.Faithfulness is not { } faithfulness)
        {
            return;
        }

        page.Section("How faithful the explanations are")
            .Paragraph(
                FormattableString.Invariant(
                    $"Units were removed in the order of their scores, strongest first and strongest last. The area between the two curves says in logits how much better than the reverse the order is; z is how many standard deviations of random orders of the same units it is above their mean. Over {faithfulness.Rows} rows."
                )
            )
            .Table(
                ["Method", "#Area", "#Standard error", "#Of random orders", "#z"],
                [
                    [
                        faithfulness.Method,
                        Html.Number(faithfulness.Area),
                        Html.Number(faithfulness.StandardError),
                        Html.Number(faithfulness.Random),
                        Html.Number(faithfulness.Z),
                    ],
                ]
            );
    }

    /// <summary>How far simple models can speak for the model.</summary>
    public static void Surrogate(Html page, JobSummary summary)
    {
        if (summary.Surrogate is not { } surrogate)
        {
            return;
        }

        page.Section("A simple model in its place")
            .Paragraph(
                FormattableString.Invariant(
                    $"Taught the model's answers to {surrogate.Taught} rows, measured on {surrogate.HeldOut} others. Always answering “{surrogate.Majority.Label}” agrees with the model on {surrogate.Majority.Agreement:P1} of them."
                )
            )
            .Table(
                ["Surrogate", "#Agreement", "#Macro F1", "#R² of the log-odds"],
                new[] { ("Logistic regression", surrogate.Logistic.Fidelity), ("Tree", surrogate.Tree.Fidelity) }.Select(one =>
                    new[] { one.Item1, Html.Number(one.Item2.Agreement), Html.Number(one.Item2.MacroF1), Html.Number(one.Item2.R2) }
                )
            );
        foreach (var label in surrogate.Logistic.Labels)
        {
            page.Part($"Strongest weights for “{label.Label}”")
                .Table(
                    ["Word or pair", "#Weight"],
                    label.Words.Take(Listed).Select(word => new[] { word.Feature, Html.Signed(word.Weight) })
                );
        }

        page.Part("The tree")
            .Table(
                ["With", "Without", "Says", "#Share", "#Rows"],
                surrogate.Tree.Rules.Select(rule =>
                    new[]
                    {
                        string.Join(", ", rule.With),
                        string.Join(", ", rule.Without),
                        rule.Label,
                        Html.Number(rule.Share),
                        Html.Count(rule.Rows),
                    }
                )
            );
    }

    /// <summary>Which explainer to use.</summary>
    public static void Comparison(Html page, JobSummary summary)
    {
        if (summary.Comparison is not { } comparison)
        {
            return;
        }

        page.Section("Which explanation can be trusted most");
        if (comparison.Recommendation is { } recommended)
        {
            page.Paragraph(recommended.Reason);
        }

        foreach (var metric in comparison.Methods.SelectMany(method => method.Metrics.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            MethodFigures[] methods = [.. comparison.Methods.Where(method => method.Metrics.ContainsKey(metric))];
            string[] replacements = [.. methods.SelectMany(method => method.Metrics[metric].Keys).Distinct()];
            page.Part(metric)
                .Table(
                    ["Method", .. replacements.SelectMany(one => new[] { "#Under " + one, "#± standard error", "#z" })],
                    methods.Select(method =>
                        (string[])
                            [
                                method.Name,
                                .. replacements.SelectMany(one =>
                                    method.Metrics[metric].GetValueOrDefault(one) is { } figure
                                        ? new[] { Html.Number(figure.Value), Html.Number(figure.StandardError), Html.Number(figure.Z) }
                                        : ["–", "–", "–"]
                                ),
                            ]
                    )
                );
        }

        page.Part("Differences of area, by paired t-tests with Holm's correction")
            .Table(
                ["Method", "#Less than the recommended one by", "#± standard error", "#p", "Beyond chance"],
                comparison.Differences.Select(difference =>
                    new[]
                    {
                        difference.Other,
                        Html.Signed(difference.Mean),
                        Html.Number(difference.StandardError),
                        Html.Number(difference.PCorrected),
                        difference.Significant ? "yes" : "no",
                    }
                )
            );
    }

    /// <summary>What raises neurons.</summary>
    public static void Meanings(Html page, JobSummary summary)
    {
        foreach (var meaning in summary.Meanings ?? [])
        {
            page.Section(FormattableString.Invariant($"Neuron {meaning.Neuron} of layer {meaning.Layer}"))
                .Part("Where it is strongest")
                .Table(
                    ["#Row", "#Activation", "< "],
                    meaning
                        .Examples.Take(Listed)
                        .Select(example =>
                            new[] { Html.Count(example.Text), Html.Signed(example.Activation), Marked(example.Sentence, example.Token) }
                        )
                )
                .Part("Words that raise it")
                .Table(
                    ["Word", "#Occurrences", "#Mean at it", "#At others"],
                    meaning
                        .Words.Take(Listed)
                        .Select(word => new[] { word.Word, Html.Count(word.Count), Html.Signed(word.With), Html.Signed(word.Without) })
                );
            if (meaning.Labels.Count > 0)
            {
                page.Part("Labels it goes with")
                    .Table(
                        ["Label", "#Correlation with its logit"],
                        meaning.Labels.Select(label => new[] { label.Label, Html.Signed(label.Correlation) })
                    );
            }
        }
    }

    /// <summary>How answers differ from those before.</summary>
    public static void Drift(Html page, JobSummary summary)
    {
        if (summary.Drift is not { } drift)
        {
            return;
        }

        page.Section("Drift")
            .Paragraph(
                FormattableString.Invariant(
                    $"Compared with {string.Join(", ", drift.Before)} (SHA-256 {string.Join(", ", drift.BeforeSha256)}): of {drift.Rows} rows of the same text, {(drift.Flipped is { } flipped ? flipped.ToString("P1", CultureInfo.InvariantCulture) : "none")} are predicted another label. Shares of labels have shifted by {drift.LabelShift:0.000} in all."
                )
            )
            .Table(
                ["Label", "#Share before", "#Share now"],
                drift.Labels.Select(label => new[] { label.Label, Html.Number(label.Before), Html.Number(label.Now) })
            );
        if (drift.Flips.Count > 0)
        {
            page.Table(["From", "To", "#Rows"], drift.Flips.Select(flip => new[] { flip.From, flip.To, Html.Count(flip.Rows) }));
        }

        if (drift.Words.Count > 0)
        {
            page.Part("Words by label: NDCG of their ranking against that before (an alert under 0.90)")
                .Table(
                    ["Label", "#Words compared", "#NDCG", "#Overlap of the strongest", "#Moved beyond their interval"],
                    drift.Words.Select(words =>
                        new[]
                        {
                            words.Label,
                            Html.Count(words.Shared),
                            Html.Number(words.Ndcg),
                            Html.Number(words.TopOverlap),
                            Html.Count(words.Moved),
                        }
                    )
                );
            foreach (var words in drift.Words.Where(words => words.Moved > 0))
            {
                page.Part($"Words of “{words.Label}” that moved furthest")
                    .Table(
                        ["Word", "#Mean before", "95 % interval", "#Mean now"],
                        words
                            .Strongest.Take(Listed)
                            .Select(word =>
                                new[]
                                {
                                    word.Word,
                                    Html.Signed(word.Before),
                                    $"{Html.Signed(word.Low)} to {Html.Signed(word.High)}",
                                    Html.Signed(word.Now),
                                }
                            )
                    );
            }
        }
    }

    /// <summary>Rows by the caller's column.</summary>
    public static void Slices(Html page, JobAnswer job, JobSummary summary)
    {
        if (summary.Slices is { } slices)
        {
            string[] labels = [.. summary.Predictions.Take(4).Select(label => label.Label)];
            page.Section($"By {job.Columns?.Slice}")
                .Table(
                    ["Value", "#Rows", "#Accuracy", "#Macro F1", .. labels.Select(label => $"#Predicted {label}")],
                    slices.Select(slice =>
                        (string[])
                            [
                                slice.Value ?? "(others)",
                                Html.Count(slice.Rows),
                                Html.Number(slice.Accuracy),
                                Html.Number(slice.MacroF1),
                                .. labels.Select(label =>
                                    Html.Number(slice.Predictions.FirstOrDefault(share => share.Label == label)?.Share ?? 0)
                                ),
                            ]
                    )
                );
        }
    }

    /// <summary>Where in the texts the scores lie.</summary>
    public static void Shortcuts(Html page, JobSummary summary)
    {
        if (summary.Shortcuts is not { } shortcuts)
        {
            return;
        }

        page.Section("Shortcuts")
            .Paragraph(
                "A model that reads meaning has its scores on words, wherever they stand. Scores that lie on special tokens, or in one part of the texts well beyond its share of their units, are worth a look."
            );
        if (shortcuts.SpecialTokens is { } special)
        {
            page.Paragraph(FormattableString.Invariant($"Special tokens have {special:P1} of the absolute scores of tokens."));
        }

        page.Table(
            ["Part of the text", "#Share of its units", "#Share of its absolute scores", "< "],
            shortcuts.Places.Select(
                (place, index) =>
                    new[]
                    {
                        FormattableString.Invariant($"{index * 20} to {(index + 1) * 20} %"),
                        Html.Number(place.Units),
                        Html.Number(place.Scores),
                        Html.Bar(place.Scores),
                    }
            )
        );
    }

    private static string Marked(string sentence, string token)
    {
        var at = token.Length == 0 ? -1 : sentence.IndexOf(token, StringComparison.Ordinal);
        return at < 0
            ? Html.Text(sentence)
            : $"{Html.Text(sentence[..at])}<b>{Html.Text(token)}</b>{Html.Text(sentence[(at + token.Length)..])}";
    }
}
