using ExplainService.Images;
using ExplainService.Images.Processing;
using ExplainService.Methods.Saliency;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>The picture, and beside it the same in grey under the scores of the pixels that the model saw.</summary>
public sealed class PixelsView : IView
{
    /// <summary>Of pixels a few are far stronger than all others: the strongest colour begins with this share of them.</summary>
    private const double Ordinary = 0.99;

    /// <inheritdoc/>
    public string Name => "pixels";

    /// <inheritdoc/>
    public int Fit(Subject subject) => subject is { Picture: not null, Explanation: SaliencyAnswer { Scores: not null } } ? 55 : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var (answer, picture) = ((SaliencyAnswer)subject.Explanation, subject.Picture!);
        double[] scores = [.. answer.Scores!.SelectMany(line => line)];
        double[] sizes = [.. scores.Select(Math.Abs).Order()];
        var ordinary = sizes[(int)(Ordinary * (sizes.Length - 1))];

        // Where nothing matters a unit's pixels do not together reach the colour that the unit does not.
        var floor = ColourScale.FloorOf(answer) * picture.Units.Count / scores.Length;
        var largest = ColourScale.Of(ordinary > 0 ? ordinary : sizes[^1], floor, options);
        var isSigned = !answer.IsUnsigned || scores.Any(score => score < 0);
        var ink = new PictureInk(options.Palette, isSigned, options.Opacity);
        var caption = Caption.Of(
            subject,
            $"The picture, and the same in grey with the scores of the {scores.Length} pixels that the model saw as colours."
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        PicturePair.Draw(
            sheet,
            options,
            picture,
            plot => plot.Painted(ink, [.. scores.Select(score => score / largest)]),
            "Scores of pixels over the picture"
        );
        Legend.OverPicture(sheet, ink, largest);
        if (isSigned)
        {
            var (pro, contra) = Caption.Verbs(answer);
            sheet.Paragraph($"+ {pro}   − {contra}", Sheet.Small, Colours.Tone.Faint);
        }

        var beyond = sizes.Count(size => size > largest);
        sheet.Remarks(
            (
                beyond > 0
                    ?
                    [
                        (beyond == 1 ? "1 pixel is" : FormattableString.Invariant($"{beyond} pixels are"))
                            + $" beyond {Numbers.Plain(largest)} and drawn as it; the largest is {Numbers.Plain(sizes[^1])}.",
                    ]
                    : (IEnumerable<string>)[]
            ).Concat(Caption.Remarks(answer))
        );
        return sheet.Finish(caption, TableOf(scores, picture.Map, options.Top));
    }

    /// <summary>The strongest pixels, where they lie in the picture as sent.</summary>
    private static NumberTable TableOf(double[] scores, PictureMap map, int top) =>
        new(
            ["x", "y", "width", "height", "score"],
            [
                .. Enumerable
                    .Range(0, scores.Length)
                    .OrderByDescending(pixel => Math.Abs(scores[pixel]))
                    .Take(top)
                    .Select(pixel => (Pixel: pixel, Box: map.ToPicture(new Window(pixel % map.Seen.Width, pixel / map.Seen.Width, 1, 1))))
                    .Select(row =>
                        (IReadOnlyList<string>)
                            [
                                Numbers.Count(row.Box.Left),
                                Numbers.Count(row.Box.Top),
                                Numbers.Count(row.Box.Width),
                                Numbers.Count(row.Box.Height),
                                Numbers.Full(scores[row.Pixel]),
                            ]
                    ),
            ]
        );
}
