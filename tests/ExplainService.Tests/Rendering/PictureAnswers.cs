using ExplainService.Images;
using ExplainService.Images.Processing;
using ExplainService.Images.Units;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Saliency;
using ExplainService.Rendering;
using ExplainService.Runtime;

namespace ExplainService.Tests.Rendering;

/// <summary>Answers about pictures, made by hand.</summary>
internal static class PictureAnswers
{
    private const int Side = 56;

    /// <summary>A sun over a field under a blue sky, larger and wider than what the model sees.</summary>
    public static RgbImage Landscape(int width = 320, int height = 224)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = ((double)(i % width) / height, (double)(i / width) / height);
            var sun = Math.Pow(x - 0.95, 2) + Math.Pow(y - 0.3, 2) < 0.03;
            var hill = y > 0.62 + (0.1 * Math.Sin(4 * x));
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) =
                sun ? ((byte)250, (byte)210, (byte)60)
                : hill ? ((byte)(60 + (40 * x)), (byte)(150 - (60 * y)), (byte)50)
                : ((byte)(110 + (80 * y)), (byte)(160 + (60 * y)), (byte)235);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>What the model sees: the middle square of the landscape.</summary>
    public static PictureMap Middle(RgbImage image)
    {
        var width = Side * image.Width / image.Height;
        return new PictureMap(image.Width, image.Height, width, Side, new Window((width - Side) / 2, 0, Side, Side));
    }

    /// <summary>Scores of the patches of a picture; the sun speaks for the label, the field against it.</summary>
    public static Subject Patches(string label = "sunny", int patch = 8)
    {
        var image = Landscape();
        var columns = Side / patch;
        return Scored(
            label,
            image,
            ImageUnits.OfPatches(Side, Side, patch, patch),
            unit => $"{(unit / columns) + 1},{(unit % columns) + 1}"
        );
    }

    /// <summary>Scores of superpixels.</summary>
    public static Subject Regions(string label = "sunny")
    {
        var image = Landscape();
        var map = Middle(image);
        var resized = Rescaling.To(image, map.ResizedWidth, map.ResizedHeight, ResampleFilter.Bilinear);
        var seen = new byte[3 * Side * Side];
        for (var row = 0; row < Side; row++)
        {
            resized.Pixels.AsSpan(3 * ((row * resized.Width) + map.Seen.Left), 3 * Side).CopyTo(seen.AsSpan(3 * row * Side));
        }

        return Scored(label, image, Superpixels.Of(new RgbImage(Side, Side, seen), 30), unit => $"{unit + 1}");
    }

    /// <summary>Attention between the class token and four by four patches; each patch attends to itself and its right neighbour.</summary>
    public static Subject Attention(string label = "sunny")
    {
        var image = Landscape();
        var units = ImageUnits.OfPatches(Side, Side, 14, 14);
        float[][] map =
        [
            .. Enumerable
                .Range(0, units.Count + 1)
                .Select(query =>
                    Enumerable
                        .Range(0, units.Count + 1)
                        .Select(key =>
                            query == 0 ? (key + 1) / 153f
                            : key == query || key == query + 1 ? 0.4f
                            : 0.2f / 15
                        )
                        .ToArray()
                ),
        ];
        var answer = new AttentionAnswer
        {
            Unsigned = true,
            ExplainsTarget = false,
            Attention =
            [
                [map],
            ],
            Layers = [0],
            Heads = [0],
            Tokens =
            [
                .. Enumerable
                    .Range(0, units.Count + 1)
                    .Select(at => new TokenAnswer
                    {
                        Index = at,
                        Id = 0,
                        Token = at == 0 ? "[CLS]" : "patch",
                        Text = at == 0 ? "" : label,
                        Start = Math.Max(at - 1, 0),
                        End = at,
                        Special = at == 0,
                    }),
            ],
        };
        return new Subject(Answers.Of("attention", "Attention", answer), "")
        {
            Picture = new ExplainedPicture(image, Middle(image), units),
        };
    }

    /// <summary>One of every kind, about a label.</summary>
    public static IEnumerable<Subject> OfEveryKind(string label) =>
        [Patches(label), Regions(label), Attention(label), Pixels(label), Hidden(label)];

    /// <summary>Scores of pixels: what is yellow speaks for the label, what is green against it, and one pixel is far stronger than all.</summary>
    public static Subject Pixels(string label = "sunny")
    {
        var subject = Patches(label);
        var (image, map) = (subject.Picture!.Image, subject.Picture.Map);
        double[][] scores =
        [
            .. Enumerable
                .Range(0, Side)
                .Select(y =>
                    Enumerable
                        .Range(0, Side)
                        .Select(x => (x, y) is (3, 3) ? 10 : Score(image, map.ToPicture(new Window(x, y, 1, 1))))
                        .ToArray()
                ),
        ];
        var answer = new SaliencyAnswer
        {
            Objective = Objective.Probability,
            Granularity = "patch",
            Units = ((OcclusionAnswer)subject.Explanation).Units,
            Scores = scores,
        };
        return subject with
        {
            Explanation = Answers.Of("input_x_gradient", "Input × gradient", answer) with { Target = subject.Explanation.Target },
        };
    }

    /// <summary>Two counterfactuals: without the sun, and without much of the field.</summary>
    public static Subject Hidden(string label = "sunny")
    {
        var subject = Patches(label);
        var boxes = subject.Picture!.Units.Boxes.Select(subject.Picture.Map.ToPicture).ToArray();
        var answer = new CounterfactualAnswer
        {
            Granularity = "patch",
            Replacement = "mean",
            Counterfactuals = [One("cloudy", 0.8, true, 11, 12, 18, 19), One("beach", 0.55, false, 36, 37, 38, 43, 44, 45)],
        };
        return subject with { Explanation = Answers.Of("remove", "Counterfactual", answer) with { Target = subject.Explanation.Target } };

        CounterfactualTextAnswer One(string said, double probability, bool minimal, params int[] hidden) =>
            new()
            {
                Text = "",
                Minimal = minimal,
                Prediction = new Prediction
                {
                    Label = said,
                    Index = 0,
                    Probability = probability,
                },
                Edits =
                [
                    .. hidden.Select(unit => new EditAnswer(unit, unit + 1, $"{(unit / 7) + 1},{(unit % 7) + 1}", "mean")
                    {
                        Box = [boxes[unit].Left, boxes[unit].Top, boxes[unit].Width, boxes[unit].Height],
                    }),
                ],
            };
    }

    private static Subject Scored(string label, RgbImage image, ImageUnits units, Func<int, string> name)
    {
        var map = Middle(image);
        var answer = new OcclusionAnswer
        {
            Objective = Objective.Probability,
            Granularity = "patch",
            Replacement = "mean",
            Value = 0.9,
            Windows = [],
            Units =
            [
                .. Enumerable
                    .Range(0, units.Count)
                    .Select(unit => new UnitAnswer
                    {
                        Text = name(unit),
                        Start = unit,
                        End = unit + 1,
                        Tokens = [unit],
                        Score = Score(image, map.ToPicture(units.Boxes[unit])),
                    }),
            ],
        };
        return new Subject(
            Answers.Of("occlusion", "Occlusion", answer) with
            {
                Target = new TargetAnswer { Label = label, Index = 1 },
            },
            ""
        )
        {
            Picture = new ExplainedPicture(image, map, units),
        };
    }

    private static double Score(RgbImage image, Window box)
    {
        var (warm, green) = (0, 0);
        for (var y = box.Top; y < box.Bottom; y++)
        {
            for (var x = box.Left; x < box.Right; x++)
            {
                var at = 3 * ((y * image.Width) + x);
                warm += image.Pixels[at] > 240 ? 1 : 0;
                green += image.Pixels[at + 2] == 50 ? 1 : 0;
            }
        }

        return ((0.4 * warm) - (0.1 * green)) / (box.Width * box.Height);
    }
}
