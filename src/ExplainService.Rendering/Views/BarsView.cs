using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>The strongest parts as bars from a common zero, strongest first, with standard errors where scores were sampled.</summary>
public sealed class BarsView : IView
{
    /// <inheritdoc/>
    public string Name => "bars";

    /// <inheritdoc/>
    public int Fit(Subject subject) => Attribution.Of(subject) is null ? 0 : 15;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var attribution = Attribution.Of(subject)!;
        var (strongest, others) = attribution.Strongest(options.Top);
        var caption = Caption.Of(
            subject,
            $"Bars of the {strongest.Count} strongest of {attribution.Parts.Count} parts of the text, strongest first"
                + (strongest.Any(part => part.StandardError is not null) ? ", with one standard error to either side." : ".")
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);

        BarRows.Draw(sheet, strongest, attribution.IsSigned, attribution.Floor, options);
        sheet.Remarks(
            Others(others).Concat(ColourScale.Remarks(attribution.Largest, options)).Concat(Caption.Remarks(subject.Explanation))
        );
        return sheet.Finish(caption, TextView.TableOf(attribution));
    }

    /// <summary>Says what is not listed.</summary>
    internal static IEnumerable<string> Others(IReadOnlyList<ScoredPart> others) =>
        others.Count == 0
            ? []
            :
            [
                FormattableString.Invariant(
                    $"{others.Count} weaker parts, not listed, add up to {Numbers.Signed(others.Sum(part => part.Score))}."
                ),
            ];
}
