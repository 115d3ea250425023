using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>What the model says: the strongest classes (or vocabulary entries) with their probabilities.</summary>
public sealed class ClassesView : IView
{
    private const double RowHeight = 26;

    /// <inheritdoc/>
    public string Name => "classes";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject.Explanation.Prediction?.Labels is { Count: > 0 } ? 8 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var answer = subject.Explanation;
        var labels = answer.Prediction!.Labels!;
        var isValue = Caption.IsRegression(answer);
        var shown = labels
            .OrderByDescending(label => label.Probability ?? label.Logit ?? double.NegativeInfinity)
            .Take(options.Top)
            .ToArray();
        var logits = shown.Any(label => label.Probability is null);
        var caption = Caption.Of(
            subject,
            isValue
                ? "A bar from zero to the value that the model predicts."
                : $"Bars of the {(logits ? "logits" : "probabilities")} of {shown.Length} of {labels.Count} classes.",
            isValue ? "Predicted value" : "Prediction"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        var names = Math.Min(sheet.Inner * 0.34, shown.Max(label => TextMeasure.Width(Name(label), Sheet.Text)) + 2);
        var left = sheet.Left + names + 12;
        var axis = new Axis(
            logits ? Math.Min(0, shown.Min(Size)) : 0,
            logits ? Math.Max(0, shown.Max(Size)) : 1,
            left,
            sheet.Right - 64,
            room: 0
        );
        var scale = NumberScale.Of(shown.Select(Size));
        foreach (var label in shown)
        {
            var (start, end) = (axis.At(0), axis.At(Size(label)));
            sheet.Add(
                new Group([
                    new Label(sheet.Left + names, sheet.Y + 15, VisibleText.Fit(Name(label), names, Sheet.Text), Sheet.Text, Tone.Ink)
                    {
                        Anchor = Anchor.End,
                    },
                    new Box(left, sheet.Y + 1, sheet.Right - 64 - left, RowHeight - 7, Tone.Panel) { Radius = 2 },
                    new Box(
                        Math.Min(start, end),
                        sheet.Y + 1,
                        Math.Max(1, Math.Abs(end - start)),
                        RowHeight - 7,
                        isValue && Size(label) < 0 ? options.Palette.Against
                            : label.Index == answer.Prediction.Index ? options.Palette.For
                            : Tone.Faint
                    )
                    {
                        Radius = 2,
                    },
                    new Label(sheet.Right - 56, sheet.Y + 15, Written(label), Sheet.Text, Tone.Ink),
                ])
                {
                    Tip = $"{VisibleText.OneLine(Name(label))}: {Written(label)}",
                }
            );
            sheet.Y += RowHeight;
        }

        sheet.Remarks(Caption.Remarks(answer));
        return sheet.Finish(
            caption,
            new NumberTable(
                ["class", "logit", "probability"],
                [
                    .. labels.Select(label =>
                        (IReadOnlyList<string>)
                            [
                                isValue ? "value" : label.Label,
                                label.Logit is { } logit ? Numbers.Full(logit) : "−∞",
                                label.Probability is { } probability ? Numbers.Full(probability) : "",
                            ]
                    ),
                ]
            )
        );

        string Name(LabelAnswer label) => isValue ? "value" : Caption.LabelName(label.Label);

        string Written(LabelAnswer label) => isValue ? scale.Signed(Size(label)) : scale.Plain(Size(label));
    }

    private static double Size(LabelAnswer label) => label.Probability ?? label.Logit ?? double.NegativeInfinity;
}
