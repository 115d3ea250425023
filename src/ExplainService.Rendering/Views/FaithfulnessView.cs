using System.Diagnostics;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Faithfulness.Metrics;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>How faithful explanations are: a table of figures (down) by methods (across), coloured by how far each is from chance.</summary>
public sealed class FaithfulnessView : IView
{
    private const double RowHeight = 30;
    private const double NarrowestColumn = 92;
    private const double WidestColumn = 150;

    /// <summary>Standard deviations of random rankings that have the strongest colour; fewer than two are no difference.</summary>
    private const double Strongest = 5;
    private const double Clear = 2;

    /// <inheritdoc/>
    public string Name => "faithfulness";

    /// <inheritdoc/>
    public int Fit(Subject subject) => FaithfulnessReading.Figures(FaithfulnessReading.Methods(subject.Explanation)).Count > 0 ? 30 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = subject.Explanation;
        var methods = FaithfulnessReading.Methods(answer);
        var figures = FaithfulnessReading.Figures(methods);
        var caption = Caption.Of(
            subject,
            $"A table of {figures.Count} figures (down) by {methods.Count} methods (across), each with z: how many standard deviations it is from random rankings.",
            methods.Count == 1
                ? $"How faithful {Caption.Words(methods[0].Name).ToLowerInvariant()} is to the model"
                : "How faithful explanations are to the model"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        string[] names = [.. figures.Select(figure => $"{Caption.Words(figure.Name)} ({figure.Replacement})")];
        var left = sheet.Left + Math.Min(sheet.Inner * 0.45, names.Max(name => TextMeasure.Width(name, Sheet.Text)) + 14);
        var shown = methods.Take(Math.Max(1, (int)((sheet.Right - left) / NarrowestColumn))).ToArray();
        var width = Math.Min(WidestColumn, (sheet.Right - left) / shown.Length);
        foreach (var (column, method) in shown.Index())
        {
            var name = VisibleText.Fit(Caption.Words(method.Name), width - 6, Sheet.Small);
            sheet.Add(
                new Label(left + ((column + 1) * width) - 4, sheet.Y + 11, name, Sheet.Small, Tone.Ink)
                {
                    Anchor = Anchor.End,
                    Bold = IsRecommended(answer, method),
                }
            );
        }

        sheet.Y += 18;
        foreach (var (row, figure) in figures.Index())
        {
            sheet.Add(
                new Label(sheet.Left, sheet.Y + 18, VisibleText.Fit(names[row], left - sheet.Left - 8, Sheet.Text), Sheet.Text, Tone.Ink)
            );
            var written = NumberScale.Of(shown.Select(method => figure.Of(method)?.Value ?? 0));
            foreach (var (column, method) in shown.Index())
            {
                if (figure.Of(method) is { Value: { } value } own)
                {
                    sheet.Add(
                        Cell(left + (column * width), sheet.Y, width - 2, written.Plain(value), own.Z, figure.Better, options.Palette)
                    );
                }
            }

            sheet.Y += RowHeight;
        }

        sheet.Y += 10;
        Legend.Signed(sheet, options.Palette, Strongest, ("better than random rankings", "worse"));
        sheet.Remarks(
            (answer is CompareAnswer { Recommendation.Reason: { } reason } ? (IEnumerable<string>)[reason] : [])
                .Append("z: standard deviations from random rankings; cells within two of them have no colour.")
                .Concat(
                    methods.Count > shown.Length
                        ?
                        [
                            FormattableString.Invariant(
                                $"{methods.Count - shown.Length} more methods are not drawn; a wider picture has room for more."
                            ),
                        ]
                        : []
                )
                .Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(caption, TableOf(methods, figures));
    }

    private static bool IsRecommended(Explanation answer, JudgedMethod method) =>
        answer is CompareAnswer { Recommendation.Name: { } name } && name == method.Name;

    private static Group Cell(double x, double y, double width, string value, double? z, Better direction, Palette palette)
    {
        var away = z ?? 0;
        var better = direction switch
        {
            Better.Larger => away,
            Better.Smaller => -away,
            // Chance is near zero too: nothing is better than it.
            Better.NearZero => 0,
            _ => throw new UnreachableException($"{direction}"),
        };
        var colour = Math.Abs(better) < Clear ? Tone.Panel : palette.Signed(better / Strongest);
        List<Element> drawn =
        [
            new Box(x, y, width, RowHeight - 2, colour) { Radius = 2 },
            new Label(x + (width * 0.56), y + 18, value, Sheet.Text, colour.InkOn()) { Anchor = Anchor.End },
        ];
        if (z is { } deviations)
        {
            drawn.Add(
                new Label(x + width - 6, y + 18, "z " + NumberScale.Of(10).Signed(deviations), 11, colour.InkOn()) { Anchor = Anchor.End }
            );
        }

        return new Group(drawn);
    }

    private static NumberTable TableOf(IReadOnlyList<JudgedMethod> methods, IReadOnlyList<FaithfulnessFigure> figures) =>
        new(
            ["figure", "replacement", "method", "value", "random mean", "random sd", "z"],
            [
                .. figures.SelectMany(figure =>
                    methods.Select(method =>
                    {
                        var own = figure.Of(method);
                        return (IReadOnlyList<string>)
                            [
                                figure.Name,
                                figure.Replacement,
                                VisibleText.OneLine(method.Name),
                                Full(own?.Value),
                                Full(own?.Random?.Mean),
                                Full(own?.Random?.Sd),
                                Full(own?.Z),
                            ];
                    })
                ),
            ]
        );

    private static string Full(double? value) => value is { } known ? Numbers.Full(known) : "";
}
