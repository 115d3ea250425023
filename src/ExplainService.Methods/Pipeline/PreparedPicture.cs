using ExplainService.Images;
using ExplainService.Images.Processing;
using ExplainService.Images.Units;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Pipeline;

/// <summary>What a picture shows in a place: itself, or what stands for a hidden part. As a row's ids say it.</summary>
public enum PictureVersion
{
    /// <summary>As sent.</summary>
    Sent,

    /// <summary>The mean colour of the picture.</summary>
    Mean,

    /// <summary>Zero in the numbers that the model reads.</summary>
    Zero,

    /// <summary>The picture, out of focus.</summary>
    Blur,

    /// <summary>Noise of the picture's mean and spread.</summary>
    Noise,
}

/// <summary>
/// A picture as its model takes it, whose units stand where a text's tokens do: methods hide and score them without knowing what they are.
/// </summary>
public sealed class PreparedPicture
{
    private readonly int[] places;
    private readonly int[][] parts;
    private readonly int[]?[] boxes;
    private readonly Lazy<float[]>[] versions;

    /// <param name="image">The picture as sent, upright.</param>
    /// <param name="seen">The picture, processed.</param>
    /// <param name="shape">How the model takes it.</param>
    /// <param name="regions">The units, where they are not the model's patches.</param>
    /// <param name="hidesUnits">Whether units of any shape are to be hidden, rather than scored by what is inside the model.</param>
    /// <param name="seed">Of noise.</param>
    /// <param name="labels">What it is compared with, by a model of pictures and texts.</param>
    public PreparedPicture(
        RgbImage image,
        ProcessedImage seen,
        PictureShape shape,
        ImageUnits? regions,
        bool hidesUnits,
        long seed,
        OtherSide? labels = null
    )
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(shape);
        (Shape, Map, HasPatches) = (shape, seen.Map, regions is null);
        Drawn = new Lazy<ExplainedPicture>(() =>
            ExplainedPicture.Of(
                image,
                seen.Map,
                regions ?? ImageUnits.OfPatches(shape.Height, shape.Width, shape.PatchHeight, shape.PatchWidth)
            )
        );
        places = shape.Places();
        versions = Versions(shape, seen.Pixels, seen.Height, seen.Width, unchecked((ulong)seed));
        int[]? pieces = regions is null ? null : Array.ConvertAll(places, place => place < 0 ? -1 : regions.Labels[place]);
        Table = new PictureTable(shape, versions, hidesUnits ? pieces : null, FormattableString.Invariant($"noise {seed}"))
        {
            Beside = labels,
        };
        parts = PartsOf(pieces, regions?.Count ?? shape.Sequence);
        boxes =
        [
            .. Enumerable
                .Range(0, parts.Length)
                .Select(token =>
                    regions is not null ? Box(regions.Boxes[token])
                    : shape.IsPatch(token) ? Box(PatchOf(token))
                    : null
                ),
        ];
    }

    /// <summary>How the model takes it.</summary>
    public PictureShape Shape { get; }

    /// <summary>The picture and its units, for drawing.</summary>
    public Lazy<ExplainedPicture> Drawn { get; }

    /// <summary>Where the model's pixels lie in the picture as sent.</summary>
    public PictureMap Map { get; }

    /// <summary>Whether units are patches, rather than regions of any shape.</summary>
    public bool HasPatches { get; }

    /// <summary>What rows of it stand for.</summary>
    public PictureTable Table { get; }

    /// <summary>The numbers of pixels that gradients are scored by, in the order of the sequence.</summary>
    public int Parts => places.Length;

    /// <summary>The units as tokens; those of the sequence that are no patches are special.</summary>
    public Encoding Tokens =>
        new([
            .. boxes.Select(
                (box, token) =>
                    box is null
                        ? new Token(0, token == 0 ? "[CLS]" : "[REG]", 0, 0, Special: true, null, -1, 0)
                        : new Token(
                            0,
                            HasPatches ? "patch" : "superpixel",
                            NumberOf(token),
                            NumberOf(token) + 1,
                            Special: false,
                            token,
                            0,
                            0
                        )
            ),
        ]);

    /// <summary>One character a unit: a text of objects.</summary>
    public string Text => new('\uFFFC', HasPatches ? Shape.Patches : parts.Length);

    /// <summary>A version's numbers.</summary>
    public float[] Version(PictureVersion version) => versions[(int)version].Value;

    /// <summary>The token of a unit, by the number that it has as a unit.</summary>
    public int TokenOf(int number) => HasPatches ? number + Shape.Before : number;

    /// <summary>Where a unit is in the picture as sent, [x, y, width, height]; null of tokens that are none.</summary>
    public IReadOnlyList<int>? BoxOf(int token) => boxes[token];

    /// <summary>A unit's name for people: row and column of a patch, from 1, or the number of a region.</summary>
    public string NameOf(int token) =>
        boxes[token] is null ? ""
        : HasPatches ? FormattableString.Invariant($"{(NumberOf(token) / Shape.Columns) + 1},{(NumberOf(token) % Shape.Columns) + 1}")
        : FormattableString.Invariant($"{token + 1}");

    /// <summary>Pixels of a unit, in the order of the sequence.</summary>
    public IReadOnlyList<int> PartsOf(int token) => parts[token];

    /// <summary>Whether a place of the sequence's pixels is none of the picture's.</summary>
    public bool IsBeside(int part) => places[part] < 0;

    /// <summary>Scores of pixels summed over the units.</summary>
    public double[] PerToken(IReadOnlyList<double> scores) => [.. parts.Select(own => own.Sum(part => scores[part]))];

    /// <summary>Scores of pixels as the model's picture has them, [height][width].</summary>
    public double[][] Pixels(IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double[][] picture = [.. Enumerable.Range(0, Shape.Height).Select(_ => new double[Shape.Width])];
        for (var part = 0; part < places.Length; part++)
        {
            if (places[part] >= 0)
            {
                picture[places[part] / Shape.Width][places[part] % Shape.Width] = scores[part];
            }
        }

        return picture;
    }

    /// <summary>What answers say of it.</summary>
    public PictureAnswer Answer() =>
        new(Map.PictureWidth, Map.PictureHeight, Box(new(0, 0, Shape.Width, Shape.Height)), Shape.Width, Shape.Height)
        {
            PatchRows = HasPatches ? Shape.Rows : null,
            PatchColumns = HasPatches ? Shape.Columns : null,
            Superpixels = HasPatches ? null : parts.Length,
        };

    /// <summary>Apart from the constructor: what remembers rows keeps these, and must not keep the picture as sent with them.</summary>
    private static Lazy<float[]>[] Versions(PictureShape shape, float[] pixels, int height, int width, ulong seed) =>
        [
            new Lazy<float[]>(() => shape.Arrange(pixels)),
            .. new[] { Replacement.Mean, Replacement.Zero, Replacement.Blur, Replacement.Noise }.Select(kind => new Lazy<float[]>(() =>
                shape.Arrange(Replacements.Of(kind, pixels, height, width, seed))
            )),
        ];

    private int NumberOf(int token) => HasPatches ? token - Shape.Before : token;

    private int[] Box(Images.Window seen)
    {
        var box = Map.ToPicture(seen);
        return [box.Left, box.Top, box.Width, box.Height];
    }

    private Images.Window PatchOf(int token)
    {
        var (row, column) = (NumberOf(token) / Shape.Columns, NumberOf(token) % Shape.Columns);
        var (left, top) = (column * Shape.PatchWidth, row * Shape.PatchHeight);
        return new(left, top, Math.Min(Shape.PatchWidth, Shape.Width - left), Math.Min(Shape.PatchHeight, Shape.Height - top));
    }

    private int[][] PartsOf(int[]? pieces, int count)
    {
        var lists = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
        for (var part = 0; part < places.Length; part++)
        {
            if (places[part] >= 0)
            {
                lists[pieces?[part] ?? (part / Shape.TokenPixels)].Add(part);
            }
        }

        return [.. lists.Select(list => list.ToArray())];
    }
}
