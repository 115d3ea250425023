using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;
using SkiaSharp;

namespace ExplainService.Rendering.Output;

/// <summary>A scene as PNG, one pixel a unit of the scene. Text is shaped by HarfBuzz.</summary>
public static class PngWriter
{
    /// <summary>The most pixels of a picture's height: viewers and decoders give up beyond it.</summary>
    public const int TallestPixels = 16_384;

    private const long MaxPixels = 40_000_000;

    /// <summary>Draws the scene.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="theme">The page that it stands on.</param>
    /// <param name="cancellationToken">Ends the writing: nobody waits for the picture any more.</param>
    /// <exception cref="InvalidRequestException">The picture is too large for a raster (422).</exception>
    public static byte[] Write(Scene scene, Theme theme, CancellationToken cancellationToken = default)
    {
        var (width, height) = ((int)Math.Ceiling(scene.Width), (int)Math.Ceiling(scene.Height));
        if (height > TallestPixels || (long)width * height > MaxPixels)
        {
            throw InvalidRequestException.CannotDo(
                "format",
                FormattableString.Invariant(
                    $"a picture of {width} × {height} pixels is too large for png; ask for svg or html, or for another view"
                )
            );
        }

        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            var drawing = new Drawing(canvas, theme, cancellationToken);
            canvas.Clear(drawing.Colour(Tone.Page));
            drawing.DrawAll(scene.Elements);
        }

        using var pixels = bitmap.PeekPixels();
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6));
        return png?.ToArray() ?? throw new InvalidOperationException("the picture could not be encoded");
    }

    private sealed class Drawing(SKCanvas canvas, Theme theme, CancellationToken cancellationToken)
    {
        public SKColor Colour(Tone tone)
        {
            var colour = tone.In(theme);
            return new SKColor(colour.R, colour.G, colour.B);
        }

        public void DrawAll(IEnumerable<Element> elements)
        {
            foreach (var element in elements)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Draw(element);
            }
        }

        private void Draw(Element element)
        {
            switch (element)
            {
                case Group group:
                    DrawAll(group.Children);
                    break;
                case Box box:
                    DrawBox(box);
                    break;
                case Line line:
                    using (var stroke = Stroke(line.Stroke, line.Width))
                    using (var dashes = line.Dashed ? SKPathEffect.CreateDash([4, 3], 0) : null)
                    {
                        stroke.PathEffect = dashes;
                        stroke.Color = stroke.Color.WithAlpha((byte)Math.Round(255 * Math.Clamp(line.Opacity, 0, 1)));
                        canvas.DrawLine((float)line.X1, (float)line.Y1, (float)line.X2, (float)line.Y2, stroke);
                    }

                    break;
                case Outline outline:
                    DrawOutline(outline);
                    break;
                case Raster raster:
                    using (var cells = RasterImage.Paint(raster, theme))
                    using (var image = SKImage.FromBitmap(cells))
                    {
                        canvas.DrawImage(
                            image,
                            Rectangle(raster.X, raster.Y, raster.Width, raster.Height),
                            new SKSamplingOptions(SKFilterMode.Nearest)
                        );
                    }

                    break;
                case Photo photo:
                    using (var pixels = PhotoImage.Paint(photo.Image))
                    using (var image = SKImage.FromBitmap(pixels))
                    {
                        canvas.DrawImage(
                            image,
                            Rectangle(photo.X, photo.Y, photo.Width, photo.Height),
                            new SKSamplingOptions(photo.IsFlat ? SKFilterMode.Nearest : SKFilterMode.Linear)
                        );
                    }

                    break;
                case Label label:
                    DrawLabel(label);
                    break;
            }
        }

        private void DrawBox(Box box)
        {
            var rectangle = Rectangle(box.X, box.Y, box.Width, box.Height);
            using var fill = new SKPaint { Color = Colour(box.Fill), IsAntialias = true };
            canvas.DrawRoundRect(rectangle, (float)box.Radius, (float)box.Radius, fill);
            if (box.Stroke is { } frame)
            {
                using var stroke = Stroke(frame, 1);
                canvas.DrawRoundRect(rectangle, (float)box.Radius, (float)box.Radius, stroke);
            }
        }

        private void DrawOutline(Outline outline)
        {
            using var builder = new SKPathBuilder();
            builder.AddPoly([.. outline.Points.Select(spot => new SKPoint((float)spot.X, (float)spot.Y))], outline.Fill is not null);
            using var path = builder.Detach();
            if (outline.Fill is { } filling)
            {
                using var fill = new SKPaint { Color = Colour(filling), IsAntialias = true };
                canvas.DrawPath(path, fill);
            }

            if (outline.Stroke is { } line)
            {
                using var stroke = Stroke(line, outline.Width);
                canvas.DrawPath(path, stroke);
            }
        }

        private void DrawLabel(Label label)
        {
            if (string.IsNullOrWhiteSpace(label.Text))
            {
                return;
            }

            var runs = TextRuns.Split(
                VisibleText.Of(label.Text).Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' '),
                label.Bold,
                label.RightToLeft
            );
            var width = TextMeasure.Width(label.Text, label.Size, label.Bold);
            var fromLeft =
                label.Anchor == Anchor.Middle ? width / 2
                : (label.Anchor == Anchor.End) ^ label.RightToLeft ? width
                : 0;
            using var ink = new SKPaint { Color = Colour(label.Ink), IsAntialias = true };
            canvas.Save();
            canvas.RotateDegrees((float)label.Angle, (float)label.X, (float)label.Y);
            var x = (float)(label.X - fromLeft);
            foreach (var run in runs)
            {
                using var font = run.Face.Font(label.Size);
                var shaped = run.Shape(font);
                if (shaped.Codepoints.Length > 0)
                {
                    using var builder = new SKTextBlobBuilder();
                    builder.AddPositionedRun([.. shaped.Codepoints.Select(glyph => (ushort)glyph)], font, shaped.Points);
                    using var blob = builder.Build();
                    canvas.DrawText(blob, x, (float)label.Y, ink);
                }

                x += shaped.Width;
            }

            canvas.Restore();
        }

        private SKPaint Stroke(Tone tone, double width) =>
            new()
            {
                Color = Colour(tone),
                IsAntialias = true,
                IsStroke = true,
                StrokeWidth = (float)width,
                StrokeJoin = SKStrokeJoin.Round,
            };

        private static SKRect Rectangle(double x, double y, double width, double height) =>
            SKRect.Create((float)x, (float)y, (float)width, (float)height);
    }
}
