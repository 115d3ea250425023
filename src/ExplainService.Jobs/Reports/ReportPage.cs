using System.Globalization;
using System.Text;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Reports;

/// <summary>The report of a job: for people who judge a model by its answers over a whole file.</summary>
internal static class ReportPage
{
    private const int Words = 20;

    /// <summary>Writes it. The same job gives the same page: nothing in it is of the time of writing.</summary>
    public static string Write(
        JobAnswer job,
        JobSummary summary,
        CaseFold cases,
        IReadOnlyDictionary<long, ReportCase> texts,
        Beeswarm swarm
    )
    {
        var page = new Html("Audit: " + (job.Name ?? job.Id));
        Identity(page, job, summary);
        Labels(page, summary);
        Performance(page, summary);
        ReportParts.Drift(page, summary);
        WordLists(page, summary, swarm);
        Features(page, summary);
        ReportParts.Surrogate(page, summary);
        ReportParts.Comparison(page, summary);
        ReportParts.Meanings(page, summary);
        ReportParts.Faithfulness(page, summary);
        ReportParts.Shortcuts(page, summary);
        Slices(page, cases);
        ReportParts.Slices(page, job, summary);
        Cases(page, cases, texts);
        page.Section("Limits and warnings")
            .Paragraph(
                "Scores say what changes this model's output, not what is true of the world, and not why the model was trained as it was. "
                    + "Intervals are of 95 % and treat rows as drawn independently; words are compared without correction for their number."
            );
        foreach (var warning in summary.Warnings)
        {
            page.Paragraph(warning);
        }

        Mapping(page);
        page.Section("How to reproduce")
            .Paragraph("Post the file with this hash to /jobs with this job, on the model with this hash; scores agree to 2e-5.")
            .Code(Posted(job));
        return page.End();
    }

    private static void Identity(Html page, JobAnswer job, JobSummary summary) =>
        page.Section("What was audited")
            .Table(
                ["", " "],
                [
                    ["Job", job.Id],
                    ["Kind", EnumNames.Of(job.Kind)],
                    ["State", EnumNames.Of(job.State)],
                    ["Posted", job.Created.ToString("u", CultureInfo.InvariantCulture)],
                    ["Model", summary.Model ?? "–"],
                    ["SHA-256 of the model", string.Join(", ", job.ModelSha256 ?? [])],
                    ["Input", job.Input.Name ?? "posted texts"],
                    ["SHA-256 of the input", job.Input.Sha256],
                    [
                        "Rows",
                        FormattableString.Invariant(
                            $"{job.Progress.Rows}: {summary.Answered} answered, {summary.Failed} failed, {job.Progress.Skipped} left out by only_if"
                        ),
                    ],
                ]
            );

    private static void Labels(Html page, JobSummary summary) =>
        page.Section("What the model predicts")
            .Table(
                ["Label", "#Rows", "#Share", "< ", "#Mean probability"],
                summary.Predictions.Select(label =>
                    new[]
                    {
                        label.Label,
                        Html.Count(label.Rows),
                        Html.Number(label.Share),
                        Html.Bar(label.Share),
                        Html.Number(label.MeanProbability),
                    }
                )
            );

    private static void Performance(Html page, JobSummary summary)
    {
        if (summary.Performance is not { } performance)
        {
            return;
        }

        page.Section("How well it does")
            .Paragraph(FormattableString.Invariant($"Over the {performance.Rows} rows that have a label of their own."))
            .Table(
                ["#Accuracy", "#Macro F1", "#Log loss", "#Mean probability of the label", "#Expected calibration error"],
                [
                    [
                        Html.Number(performance.Accuracy),
                        Html.Number(performance.MacroF1),
                        Html.Number(performance.LogLoss),
                        Html.Number(performance.MeanProbability),
                        Html.Number(performance.ExpectedCalibrationError),
                    ],
                ]
            )
            .Table(
                ["Label", "#Rows", "#Precision", "#Recall", "#F1"],
                performance.Labels.Select(label =>
                    new[]
                    {
                        label.Label,
                        Html.Count(label.Rows),
                        Html.Number(label.Precision),
                        Html.Number(label.Recall),
                        Html.Number(label.F1),
                    }
                )
            )
            .Part("Reliability: how often the model is right when it is so confident")
            .Raw(ReliabilityPlot.Draw(performance.Reliability))
            .Table(
                ["Confidence", "#Rows", "#Mean confidence", "#Accuracy"],
                performance.Reliability.Select(bin =>
                    new[]
                    {
                        FormattableString.Invariant($"{bin.From:0.0} to {bin.To:0.0}"),
                        Html.Count(bin.Rows),
                        Html.Number(bin.Confidence),
                        Html.Number(bin.Accuracy),
                    }
                )
            );
    }

    private static void WordLists(Html page, JobSummary summary, Beeswarm swarm)
    {
        foreach (var label in summary.Words ?? [])
        {
            var widest = label.Words.Select(word => Math.Abs(word.Mean)).DefaultIfEmpty(1).Max();
            page.Section($"Words that speak for and against “{label.Label}”")
                .Paragraph(FormattableString.Invariant($"Mean scores over the {label.Rows} rows that this label was explained of."))
                .Table(
                    ["Word", "#Rows", "#Mean", "< ", "95 % interval"],
                    label
                        .Words.Where((_, index) => index < Words / 2 || index >= label.Words.Count - (Words / 2))
                        .Select(word =>
                            new[]
                            {
                                word.Word,
                                Html.Count(word.Documents),
                                Html.Signed(word.Mean),
                                Html.Bar(word.Mean / widest),
                                word.Low is null ? "–" : $"{Html.Signed(word.Low)} to {Html.Signed(word.High)}",
                            }
                        )
                );
            if (swarm.Draw(label.Label) is { } picture)
            {
                page.Part("Every score of the strongest, their means as a stroke").Raw(picture);
            }
        }
    }

    private static void Features(Html page, JobSummary summary)
    {
        if (summary.Features is { } features)
        {
            page.Section("What is lost without a word")
                .Paragraph("Removed from every row that holds it; the drop is over all rows.")
                .Table(
                    ["Feature", "#Rows", "#Drop of mean probability", "95 % interval", "#Drop of accuracy"],
                    features
                        .Take(Words)
                        .Select(feature =>
                            new[]
                            {
                                feature.Feature,
                                Html.Count(feature.Documents),
                                Html.Signed(feature.Exclusion.MeanProbability.Value),
                                $"{Html.Signed(feature.Exclusion.MeanProbability.Low)} to {Html.Signed(feature.Exclusion.MeanProbability.High)}",
                                Html.Signed(feature.Exclusion.Accuracy.Value),
                            }
                        )
                );
        }
    }

    private static void Slices(Html page, CaseFold cases) =>
        page.Section("By length of the text")
            .Table(
                ["Words", "#Rows", "#Accuracy"],
                cases.Slices().Select(slice => new[] { slice.Words, Html.Count(slice.Rows), Html.Number(slice.Accuracy) })
            );

    private static void Cases(Html page, CaseFold cases, IReadOnlyDictionary<long, ReportCase> texts)
    {
        page.Section("Cases");
        foreach (var (title, shown) in cases.Groups(texts))
        {
            page.Part(title);
            foreach (var one in shown)
            {
                page.Raw("<div class=\"case\">")
                    .Raw(Html.Text(FormattableString.Invariant($"{one.Id}: {one.Label} ({one.Probability:0.000})")))
                    .Raw(one.Given is null ? "" : Html.Text($", labelled {one.Given}"))
                    .Raw("<br>")
                    .Raw(one.Units.Count == 0 ? Html.Text(one.Text) : string.Concat(Coloured(one.Units)))
                    .Raw(Changed(one))
                    .Raw("</div>\n");
            }
        }
    }

    /// <summary>The counterfactual: the text without the words that decide it.</summary>
    private static string Changed(ReportCase one)
    {
        if (one.Change is not { } change)
        {
            return "";
        }

        if (change.Label is null)
        {
            return "<p class=\"change\">No removal of a few words changes the label.</p>";
        }

        var (page, next) = (new StringBuilder("<p class=\"change\">"), 0);
        foreach (var span in change.Removed)
        {
            page.Append(Html.Text(one.Text[next..span.Start]))
                .Append("<del>")
                .Append(Html.Text(one.Text[span.Start..span.End]))
                .Append("</del>");
            next = span.End;
        }

        return page.Append(Html.Text(one.Text[next..]))
            .Append(Html.Text(FormattableString.Invariant($" → {change.Label} ({change.Probability:0.000})")))
            .Append("</p>")
            .ToString();
    }

    private static IEnumerable<string> Coloured(IReadOnlyList<ReportUnit> units)
    {
        var strongest = units.Max(unit => Math.Abs(unit.Score));
        foreach (var unit in units)
        {
            var strength = strongest > 0 ? Math.Abs(unit.Score) / strongest : 0;
            var colour = unit.Score < 0 ? "181,72,47" : "42,111,187";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"<span class=\"unit\" style=\"background:rgba({colour},{strength * 0.6:0.00})\" title=\"{Html.Signed(unit.Score)}\">{Html.Text(unit.Text)}</span> "
            );
        }
    }

    /// <summary>Worded as what a section helps with: whether a duty is met is for others to say.</summary>
    private static void Mapping(Html page) =>
        page.Section("What the sections can help with")
            .Paragraph("No legal advice: pointers to where these figures may serve as a part of the evidence.")
            .Table(
                ["Section", "May help with"],
                [
                    ["What was audited, How to reproduce", "EU AI Act Art. 12 (record-keeping); SR 26-2 (documentation of a model's use)"],
                    [
                        "Words, What is lost without a word, How faithful the explanations are",
                        "EU AI Act Art. 13 (transparency to deployers)",
                    ],
                    ["Cases", "EU AI Act Art. 14 (human oversight), Art. 86 and GDPR Art. 15(1)(h) (explaining single decisions)"],
                    ["How well it does, By length, Shortcuts, Drift", "SR 26-2 (outcomes analysis and monitoring)"],
                ]
            );

    private static string Posted(JobAnswer job) =>
        JsonSerializer.Serialize(
            new JobRequest
            {
                Kind = job.Kind,
                Columns = job.Columns,
                Input = job.Input.Job is { } earlier ? new JobInput { Job = earlier } : null,
                Request = job.Request,
                Against = job.Against,
                OnlyIf = job.OnlyIf,
                Name = job.Name,
            },
            JobsJson.Of<JobRequest>()
        );
}
