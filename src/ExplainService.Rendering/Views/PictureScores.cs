using ExplainService.Images.Units;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Layout;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Views;

/// <summary>Scores of the units of a picture.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Scores">A score a unit; NaN: it has none.</param>
/// <param name="IsSigned">Whether scores may speak against the target.</param>
/// <param name="Floor">What the strongest colour at least stands for.</param>
internal sealed record PictureScores(ExplainedPicture Picture, IReadOnlyList<double> Scores, bool IsSigned, double Floor)
{
    /// <summary>Units that a view draws a line around.</summary>
    private const int MostOutlined = 5;

    /// <summary>The largest absolute score.</summary>
    public double Largest => Scores.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

    /// <summary>The scores of an answer about a picture; null where it has none.</summary>
    public static PictureScores? Of(Subject subject)
    {
        if (subject.Picture is not { } picture)
        {
            return null;
        }

        var scores = Enumerable.Repeat(double.NaN, picture.Units.Count).ToArray();
        if (subject.Explanation is AttentionAnswer attention)
        {
            var patches = attention.Tokens.Where(token => !token.Special).Select(token => token.Index).ToArray();
            if (attention.Scores is not { } perToken || patches.Length != scores.Length || perToken.Length != attention.Tokens.Count)
            {
                return null;
            }

            scores = [.. patches.Select(index => (double)perToken[index])];
        }

        foreach (var unit in subject.Units)
        {
            if (unit.Start >= 0 && unit.Start < scores.Length && unit.Score is { } score)
            {
                scores[unit.Start] = score;
            }
        }

        var answer = subject.Explanation;
        return scores.All(double.IsNaN)
            ? null
            : new PictureScores(picture, scores, !answer.IsUnsigned || scores.Any(score => score < 0), ColourScale.FloorOf(answer));
    }

    /// <summary>Numbers of the units, the strongest first.</summary>
    public IReadOnlyList<int> Ranked() =>
        [
            .. Enumerable
                .Range(0, Scores.Count)
                .Where(unit => double.IsFinite(Scores[unit]))
                .OrderByDescending(unit => Math.Abs(Scores[unit]))
                .ThenBy(unit => unit),
        ];

    /// <summary>Those that stand out: the strongest of them, and none that is not half as strong as the first.</summary>
    public IReadOnlySet<int> Outstanding() =>
        Ranked().Take(MostOutlined).Where(unit => Largest > 0 && Math.Abs(Scores[unit]) >= Largest / 2).ToHashSet();

    /// <summary>Scores by the strongest colour.</summary>
    public IReadOnlyList<double> Shares(double largest) => [.. Scores.Select(score => score / largest)];

    /// <summary>The numbers, the strongest first.</summary>
    public NumberTable Table(string scored = "score") =>
        new(
            ["unit", "x", "y", "width", "height", scored],
            [
                .. Ranked()
                    .Select(unit => (Unit: unit, Box: Picture.Map.ToPicture(Picture.Units.Boxes[unit])))
                    .Select(row =>
                        (IReadOnlyList<string>)
                            [
                                Numbers.Count(row.Unit),
                                Numbers.Count(row.Box.Left),
                                Numbers.Count(row.Box.Top),
                                Numbers.Count(row.Box.Width),
                                Numbers.Count(row.Box.Height),
                                Numbers.Full(Scores[row.Unit]),
                            ]
                    ),
            ]
        );

    /// <summary>A legend of its colours, and what their signs mean.</summary>
    public void Legend(Sheet sheet, PictureInk ink, double largest, Explanation answer)
    {
        Layout.Legend.OverPicture(sheet, ink, largest);
        if (IsSigned)
        {
            var (pro, contra) = Caption.Verbs(answer);
            sheet.Paragraph($"+ {pro}   − {contra}", Sheet.Small, Colours.Tone.Faint);
        }
    }
}
