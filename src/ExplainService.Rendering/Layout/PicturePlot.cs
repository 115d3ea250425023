using ExplainService.Images;
using ExplainService.Images.Processing;
using ExplainService.Images.Units;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;

namespace ExplainService.Rendering.Layout;

/// <summary>An explained picture in the size in which it is shown, to be painted over.</summary>
internal sealed class PicturePlot
{
    private const int NoUnit = -1;
    private const double Unseen = 0.6;
    private const int Hatch = 8;
    private const int HatchLine = 2;
    private static readonly Rgb Dark = Tone.Ink.Light;
    private static readonly Rgb Bright = Tone.Page.Light;

    private readonly int[] sources;
    private readonly int[] units;
    private readonly ExplainedPicture picture;

    /// <param name="picture">The picture.</param>
    /// <param name="widest">Pixels of the page that it may take.</param>
    /// <param name="tallest">Pixels of the page that it may take.</param>
    public PicturePlot(ExplainedPicture picture, double widest, double tallest)
    {
        var map = picture.Map;
        var scale = Math.Min(widest / map.PictureWidth, tallest / map.PictureHeight);
        (Width, Height) = (Math.Max((int)(scale * map.PictureWidth), 1), Math.Max((int)(scale * map.PictureHeight), 1));

        // Pixels that are large enough to be seen stay squares.
        IsFlat = scale >= 2;
        this.picture = picture;
        Shown = Rescaling.To(picture.Image, Width, Height, IsFlat ? ResampleFilter.Nearest : ResampleFilter.Bilinear);
        sources = map.Sources(Width, Height);
        units = Array.ConvertAll(sources, source => source < 0 ? NoUnit : picture.Units.Labels[source]);
    }

    /// <summary>Pixels on the page.</summary>
    public int Width { get; }

    /// <summary>Pixels on the page.</summary>
    public int Height { get; }

    /// <summary>Whether it has sharp edges that compression would blur.</summary>
    public bool IsFlat { get; }

    /// <summary>The picture itself.</summary>
    public RgbImage Shown { get; }

    /// <summary>The picture in grey under the colours of its scores; what the model did not see is pale.</summary>
    /// <param name="ink">Colours.</param>
    /// <param name="scores">Of each unit, −1 to 1.</param>
    /// <param name="outlined">Units to draw a line around.</param>
    public RgbImage Painted(PictureInk ink, IReadOnlyList<double> scores, IReadOnlySet<int> outlined) =>
        Painted(at =>
            outlined.Contains(units[at]) && DistanceToEdge(at) is var distance and > 0
                ? distance == 1
                    ? Dark
                    : Bright
                : ink.Over(Grey(at), scores[units[at]])
        );

    /// <summary>The same by the scores of the model's pixels, row by row.</summary>
    public RgbImage Painted(PictureInk ink, IReadOnlyList<double> scores) => Painted(at => ink.Over(Grey(at), scores[sources[at]]));

    /// <summary>The picture itself, with hatching in place of some units.</summary>
    public RgbImage Hatched(IReadOnlySet<int> hidden)
    {
        var pixels = new byte[Shown.Pixels.Length];
        Shown.Pixels.CopyTo(pixels);
        for (var at = 0; at < units.Length; at++)
        {
            if (units[at] != NoUnit && hidden.Contains(units[at]))
            {
                var colour = ((at % Width) + (at / Width)) % Hatch < HatchLine ? Dark : Bright;
                (pixels[3 * at], pixels[(3 * at) + 1], pixels[(3 * at) + 2]) = (colour.R, colour.G, colour.B);
            }
        }

        return new RgbImage(Width, Height, pixels);
    }

    /// <summary>Where a unit's box lies, from the plot's upper left corner.</summary>
    public (double X, double Y, double Width, double Height) Place(int unit)
    {
        var box = picture.Map.ToPicture(picture.Units.Boxes[unit]);
        var (across, down) = ((double)Width / picture.Map.PictureWidth, (double)Height / picture.Map.PictureHeight);
        return (box.Left * across, box.Top * down, box.Width * across, box.Height * down);
    }

    /// <summary>
    /// Where there is most room beside each other inside each unit, whatever its shape: the middle of its longest row of pixels, of equal ones that nearest to
    /// its middle.
    /// </summary>
    public IReadOnlyList<Spot> Middles()
    {
        Spot[] middles =
        [
            .. Enumerable
                .Range(0, picture.Units.Count)
                .Select(Place)
                .Select(place => new Spot(place.X + (place.Width / 2), place.Y + (place.Height / 2))),
        ];
        var (best, lengths) = ((Spot[])middles.Clone(), new int[middles.Length]);
        for (var start = 0; start < units.Length; )
        {
            var (unit, end) = (units[start], start + 1);
            while (end % Width != 0 && units[end] == unit)
            {
                end++;
            }

            var (spot, length) = (new Spot((start % Width) + ((end - start) / 2.0), (start / Width) + 0.5), end - start);
            if (unit != NoUnit && (length > lengths[unit] || (length == lengths[unit] && IsNearer(spot, best[unit], middles[unit]))))
            {
                (best[unit], lengths[unit]) = (spot, length);
            }

            start = end;
        }

        return best;

        static bool IsNearer(Spot one, Spot other, Spot middle) => Math.Abs(one.Y - middle.Y) < Math.Abs(other.Y - middle.Y);
    }

    /// <summary>The mean colour of a box of painted pixels, on which something is to be written.</summary>
    public static Tone MeanOf(RgbImage painted, (double X, double Y, double Width, double Height) place)
    {
        var (left, right) = (Math.Max((int)place.X, 0), Math.Min((int)Math.Ceiling(place.X + place.Width), painted.Width));
        var (top, bottom) = (Math.Max((int)place.Y, 0), Math.Min((int)Math.Ceiling(place.Y + place.Height), painted.Height));
        var sums = new long[3];
        for (var y = top; y < bottom; y++)
        {
            for (var at = 3 * ((y * painted.Width) + left); at < 3 * ((y * painted.Width) + right); at++)
            {
                sums[at % 3] += painted.Pixels[at];
            }
        }

        var count = Math.Max((right - left) * (bottom - top), 1);
        var mean = new Rgb((byte)(sums[0] / count), (byte)(sums[1] / count), (byte)(sums[2] / count));
        return new Tone(mean, mean);
    }

    private RgbImage Painted(Func<int, Rgb> seen)
    {
        var pixels = new byte[Shown.Pixels.Length];
        for (var at = 0; at < units.Length; at++)
        {
            var colour = units[at] == NoUnit ? Rgb.Mix(Grey(at), Bright, Unseen) : seen(at);
            (pixels[3 * at], pixels[(3 * at) + 1], pixels[(3 * at) + 2]) = (colour.R, colour.G, colour.B);
        }

        return new RgbImage(Width, Height, pixels);
    }

    /// <summary>1: beside another unit or the picture's edge; 2: one further in; 0: inside.</summary>
    private int DistanceToEdge(int at)
    {
        var (x, y) = (at % Width, at / Width);
        for (var distance = 1; distance <= 2; distance++)
        {
            if (
                x < distance
                || y < distance
                || x + distance >= Width
                || y + distance >= Height
                || units[at - distance] != units[at]
                || units[at + distance] != units[at]
                || units[at - (distance * Width)] != units[at]
                || units[at + (distance * Width)] != units[at]
            )
            {
                return distance;
            }
        }

        return 0;
    }

    private Rgb Grey(int at)
    {
        var level = (byte)
            Math.Round((0.299 * Shown.Pixels[3 * at]) + (0.587 * Shown.Pixels[(3 * at) + 1]) + (0.114 * Shown.Pixels[(3 * at) + 2]));
        return new Rgb(level, level, level);
    }
}
