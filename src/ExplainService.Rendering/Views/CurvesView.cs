using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>What the model says while units go, or come back, the strongest first, beside random orders (Petsiuk et al. 2018).</summary>
public sealed class CurvesView : IView
{
    private const double WidestPanel = 420;
    private const double NarrowestPanel = 260;
    private const double PanelHeight = 150;
    private const double Gap = 28;
    private const double Axis = 30;

    /// <inheritdoc/>
    public string Name => "curves";

    /// <inheritdoc/>
    public int Fit(Subject subject) => Panels(subject).Length > 0 ? 25 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var panels = Panels(subject);
        var caption = Caption.Of(
            subject,
            $"{panels.Length} small charts: the probability while the strongest units go (falling, the faster the better) and while they come back (rising), each with what random orders give.",
            "What the model says while the strongest units go and come back"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var across = Math.Max(1, (int)((sheet.Inner + Gap) / (NarrowestPanel + Gap)));
        var width = Math.Min(WidestPanel, ((sheet.Inner + Gap) / across) - Gap);
        foreach (var row in panels.Chunk(across))
        {
            foreach (var (column, panel) in row.Index())
            {
                Panel(sheet, panel, sheet.Left + (column * (width + Gap)), width, options.Palette);
            }

            sheet.Y += PanelHeight + 50;
        }

        Legend(sheet, options.Palette);
        sheet.Remarks(Caption.Remarks(subject.Explanation));
        return sheet.Finish(
            caption,
            new NumberTable(
                ["method", "replacement", "order", "units", "probability", "random mean", "random sd"],
                [.. panels.SelectMany(panel => Rows(panel, "go", panel.Gone).Concat(Rows(panel, "come back", panel.Back)))]
            )
        );
    }

    /// <summary>What the lines are, beside each other as far as there is room.</summary>
    private static void Legend(Sheet sheet, Palette palette)
    {
        const double Mark = 22;
        (string Text, Tone Tone, double Height)[] entries =
        [
            ("the strongest go", palette.Against, 3),
            ("the strongest come back", palette.For, 3),
            ("random orders, ± 1 sd", Tone.Rule, 12),
        ];
        var x = sheet.Left;
        foreach (var (text, tone, height) in entries)
        {
            var width = Mark + 6 + TextMeasure.Width(text, Sheet.Small);
            if (x > sheet.Left && x + width > sheet.Right)
            {
                (x, sheet.Y) = (sheet.Left, sheet.Y + 18);
            }

            sheet.Add(new Box(x, sheet.Y + 6 - (height / 2), Mark, height, tone));
            sheet.Add(new Label(x + Mark + 6, sheet.Y + 10, text, Sheet.Small, Tone.Faint));
            x += width + 18;
        }

        sheet.Y += 20;
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(CurvePanel panel, string order, IReadOnlyList<CurvePoint> curve) =>
        curve.Select(point =>
            (IReadOnlyList<string>)
                [
                    VisibleText.OneLine(panel.Method),
                    panel.Replacement,
                    order,
                    Numbers.Count(point.K),
                    Numbers.Full(point.Value),
                    point.Random is { } random ? Numbers.Full(random.Mean) : "",
                    point.Random is { } spread ? Numbers.Full(spread.Sd) : "",
                ]
        );

    private static void Panel(Sheet sheet, CurvePanel panel, double x, double width, Palette palette)
    {
        var (left, top, right) = (x + Axis, sheet.Y + 22, x + width);
        var last = Math.Max(1, Math.Max(panel.Gone.Count, panel.Back.Count) - 1);
        double At(int k) => left + ((right - left) * k / last);
        double Height(double value) => top + (PanelHeight * (1 - Math.Clamp(value, 0, 1)));
        var title = $"{Caption.Words(panel.Method)}, {panel.Replacement}";
        sheet.Add(new Label(x, sheet.Y + 12, VisibleText.Fit(title, width, Sheet.Text, bold: true), Sheet.Text, Tone.Ink) { Bold = true });
        foreach (var mark in (double[])[0, 0.5, 1])
        {
            sheet.Add(new Line(left, Height(mark), right, Height(mark), Tone.Panel));
            sheet.Add(
                new Label(left - 5, Height(mark) + 4, Numbers.Plain(mark)[..Math.Min(3, Numbers.Plain(mark).Length)], 11, Tone.Faint)
                {
                    Anchor = Anchor.End,
                }
            );
        }

        foreach (var curve in (IReadOnlyList<CurvePoint>[])[panel.Gone, panel.Back])
        {
            CurvePoint[] known = [.. curve.Where(point => point.Random is not null)];
            if (known.Length > 1)
            {
                sheet.Add(
                    new Outline([
                        .. known.Select(point => new Spot(At(point.K), Height(point.Random!.Mean + point.Random.Sd))),
                        .. known.Reverse().Select(point => new Spot(At(point.K), Height(point.Random!.Mean - point.Random.Sd))),
                    ])
                    {
                        Fill = Tone.Panel,
                    }
                );
                sheet.Add(
                    new Outline([.. known.Select(point => new Spot(At(point.K), Height(point.Random!.Mean)))]) { Stroke = Tone.Rule }
                );
            }
        }

        foreach (
            var (curve, tone) in (IReadOnlyList<(IReadOnlyList<CurvePoint>, Tone)>)
                [(panel.Gone, palette.Against), (panel.Back, palette.For)]
        )
        {
            if (curve.Count > 1)
            {
                sheet.Add(new Outline([.. curve.Select(point => new Spot(At(point.K), Height(point.Value)))]) { Stroke = tone, Width = 2 });
            }
        }

        sheet.Add(new Line(left, top + PanelHeight, right, top + PanelHeight, Tone.Rule));
        sheet.Add(new Label(left, top + PanelHeight + 15, "0", 11, Tone.Faint));
        sheet.Add(
            new Label(right, top + PanelHeight + 15, FormattableString.Invariant($"{last} units"), 11, Tone.Faint) { Anchor = Anchor.End }
        );
    }

    private static CurvePanel[] Panels(Subject subject) =>
        [
            .. FaithfulnessReading
                .Methods(subject.Explanation)
                .SelectMany(method =>
                    Replacements(method)
                        .Select(replacement => new CurvePanel(
                            method.Name,
                            replacement,
                            Curve(method, "deletion_auc", replacement),
                            Curve(method, "insertion_auc", replacement)
                        ))
                )
                .Where(panel => panel.Gone.Count + panel.Back.Count > 0),
        ];

    private static IEnumerable<string> Replacements(JudgedMethod method) =>
        ((string[])["deletion_auc", "insertion_auc"]).SelectMany(name => method.Metrics.GetValueOrDefault(name)?.Keys ?? []).Distinct();

    private static IReadOnlyList<CurvePoint> Curve(JudgedMethod method, string metric, string replacement) =>
        method.Metrics.GetValueOrDefault(metric)?.GetValueOrDefault(replacement)?.Curve ?? [];

    /// <summary>The curves of a method under a replacement.</summary>
    private sealed record CurvePanel(string Method, string Replacement, IReadOnlyList<CurvePoint> Gone, IReadOnlyList<CurvePoint> Back);
}
