using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;

namespace ExplainService.Rendering.Views;

/// <summary>Where one patch of a picture, or its class token, attends to.</summary>
public sealed class PatchAttentionView : IView
{
    private const double Tallest = 640;

    /// <inheritdoc/>
    public string Name => "patch_attention";

    /// <inheritdoc/>
    public int Fit(Subject subject) =>
        subject.Picture is { } picture
        && AttentionReading.HasMaps(subject.Explanation)
        && subject.Explanation.Tokens.Count(token => !token.Special) == picture.Units.Count
            ? 45
            : 0;

    /// <inheritdoc/>
    public Scene Draw(Subject subject, PictureOptions options)
    {
        var (picture, tokens) = (subject.Picture!, subject.Explanation.Tokens);
        var map = AttentionReading.Choose(subject, options);
        var patches = tokens.Where(token => !token.Special).Select(token => token.Index).ToArray();
        var (query, name) = Query(tokens, patches, options);
        var weights = patches.Select(key => (double)map.Weights[query][key]).ToArray();
        var scores = new PictureScores(picture, weights, IsSigned: false, Floor: 0);
        var largest = ColourScale.Of(scores.Largest, 0, options);
        var ink = new PictureInk(options.Palette, IsSigned: false, options.Opacity);
        var own = Array.IndexOf(patches, query);
        var caption = Caption.Of(
            subject,
            $"The picture in grey with the attention of {name} to its {patches.Length} patches as colours, which follow the square root of the weight"
                + (own < 0 ? "." : "; a line is around the patch itself."),
            $"Attention of {name}: {char.ToLowerInvariant(map.Name[0])}{map.Name[1..]}"
        );
        var sheet = new Sheet(options.Width);
        sheet.Heading(caption);
        var plot = new PicturePlot(picture, sheet.Inner, Tallest);
        IReadOnlyList<double> shares = [.. weights.Select(weight => Math.Sqrt(Math.Max(weight, 0) / largest))];
        var painted = plot.Painted(ink, shares, own < 0 ? new HashSet<int>() : [own]);
        sheet.Add(new Photo(sheet.Left, sheet.Y, plot.Width, plot.Height, painted, plot.IsFlat));
        sheet.Y += plot.Height + 14;
        Legend.OverPicture(sheet, ink, largest, Math.Sqrt);
        sheet.Remarks(
            ColourScale
                .Remarks(scores.Largest, options, "Weights")
                .Append(
                    "The weights of the patches add up to "
                        + Typography.Numbers.Plain(weights.Sum())
                        + "; the rest goes to tokens that are no patches. Colours follow the square root of the weight."
                )
                .Concat(Caption.Remarks(subject.Explanation))
        );
        return sheet.Finish(caption, scores.Table("attention"));
    }

    private static (int Index, string Name) Query(IReadOnlyList<TokenAnswer> tokens, int[] patches, PictureOptions options)
    {
        if (options.Patch is { } patch)
        {
            return patch < patches.Length
                ? (patches[patch], FormattableString.Invariant($"patch {patch}"))
                : throw InvalidRequestException.CannotDo(
                    "patch",
                    FormattableString.Invariant($"this picture has the patches 0 to {patches.Length - 1}")
                );
        }

        var special = tokens.Where(token => token.Special).Select(token => token.Index).FirstOrDefault(-1);
        return special >= 0 ? (special, "the class token") : (patches[0], "patch 0");
    }
}
