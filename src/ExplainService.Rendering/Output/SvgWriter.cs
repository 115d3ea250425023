using System.Globalization;
using System.Text;
using System.Xml;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Output;

/// <summary>
/// A scene as SVG. Text stays text: the viewer shapes it, every run is isolated from its neighbours, and everything goes through
/// <see cref="VisibleText"/> and an XML writer. There are no scripts, links or outside resources in it.
/// </summary>
public static class SvgWriter
{
    /// <summary>Where the picture stands.</summary>
    public const string Namespace = "http://www.w3.org/2000/svg";

    private const string Fonts = "Inter,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";

    /// <summary>A whole SVG document.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="theme">The page that it stands on.</param>
    /// <param name="cancellationToken">Ends the writing: nobody waits for the picture any more.</param>
    public static byte[] Write(Scene scene, Theme theme, CancellationToken cancellationToken = default)
    {
        using var bytes = new MemoryStream();
        using (
            var xml = XmlWriter.Create(
                bytes,
                new XmlWriterSettings { Encoding = new UTF8Encoding(false), NewLineHandling = NewLineHandling.Entitize }
            )
        )
        {
            Write(xml, scene, theme, cancellationToken);
        }

        return bytes.ToArray();
    }

    /// <summary>Writes the picture's <c>svg</c> element.</summary>
    internal static void Write(XmlWriter xml, Scene scene, Theme theme, CancellationToken cancellationToken)
    {
        var paint = new SvgPaint(theme);
        var body = new StringBuilder();
        using (
            var inner = XmlWriter.Create(
                body,
                new XmlWriterSettings
                {
                    OmitXmlDeclaration = true,
                    ConformanceLevel = ConformanceLevel.Fragment,
                    NewLineHandling = NewLineHandling.Entitize,
                }
            )
        )
        {
            var drawing = new Drawing(inner, paint, cancellationToken);
            drawing.Draw(new Box(0, 0, scene.Width, scene.Height, Tone.Page));
            drawing.DrawAll(scene.Elements);
        }

        xml.WriteStartElement("svg", Namespace);
        xml.WriteAttributeString("width", Number(scene.Width));
        xml.WriteAttributeString("height", Number(scene.Height));
        xml.WriteAttributeString("viewBox", $"0 0 {Number(scene.Width)} {Number(scene.Height)}");
        xml.WriteAttributeString("role", "img");
        xml.WriteAttributeString("aria-label", VisibleText.Of(scene.Title));
        xml.WriteAttributeString("font-family", Fonts);
        xml.WriteElementString("title", Namespace, VisibleText.Of(scene.Title));
        xml.WriteElementString("desc", Namespace, VisibleText.Of(scene.Description));
        xml.WriteElementString("style", Namespace, paint.Style);

        // Written by the XML writer above, in this very namespace.
        xml.WriteRaw(body.ToString());
        xml.WriteEndElement();
    }

    /// <summary>A length as SVG writes it.</summary>
    internal static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private sealed class Drawing(XmlWriter xml, SvgPaint paint, CancellationToken cancellationToken)
    {
        public void DrawAll(IEnumerable<Element> elements)
        {
            foreach (var element in elements)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Draw(element);
            }
        }

        public void Draw(Element element)
        {
            switch (element)
            {
                case Group group:
                    Start("g", group);
                    DrawAll(group.Children);
                    break;
                case Box box:
                    Start("rect", null, ("x", box.X), ("y", box.Y), ("width", box.Width), ("height", box.Height), ("rx", box.Radius));
                    paint.Write(xml, box.Fill, box.Stroke);
                    Tip(box);
                    break;
                case Line line:
                    Start("line", null, ("x1", line.X1), ("y1", line.Y1), ("x2", line.X2), ("y2", line.Y2));
                    paint.Write(xml, null, line.Stroke, line.Width, line.Opacity, line.Dashed);
                    Tip(line);
                    break;
                case Outline outline:
                    Start(outline.Fill is null ? "polyline" : "polygon", null);
                    xml.WriteAttributeString(
                        "points",
                        string.Join(' ', outline.Points.Select(spot => $"{Number(spot.X)},{Number(spot.Y)}"))
                    );
                    paint.Write(xml, outline.Fill, outline.Stroke, outline.Width);
                    Tip(outline);
                    break;
                case Raster raster:
                    DrawRaster(raster);
                    return;
                case Photo photo:
                    Start("image", null, ("x", photo.X), ("y", photo.Y), ("width", photo.Width), ("height", photo.Height));
                    xml.WriteAttributeString("preserveAspectRatio", "none");
                    xml.WriteAttributeString("href", PhotoImage.DataUrl(photo));
                    Tip(photo);
                    break;
                case Label label:
                    DrawLabel(label);
                    break;
            }

            xml.WriteEndElement();
        }

        private void DrawLabel(Label label)
        {
            Start("text", null, ("x", label.X), ("y", label.Y), ("font-size", label.Size));
            if (label.Anchor != Anchor.Start)
            {
                xml.WriteAttributeString("text-anchor", label.Anchor == Anchor.Middle ? "middle" : "end");
            }

            if (label.Bold)
            {
                xml.WriteAttributeString("font-weight", "600");
            }

            if (label.RightToLeft)
            {
                xml.WriteAttributeString("direction", "rtl");
            }

            if (label.Angle != 0)
            {
                xml.WriteAttributeString("transform", $"rotate({Number(label.Angle)} {Number(label.X)} {Number(label.Y)})");
            }

            paint.Write(xml, label.Ink, null);
            xml.WriteAttributeString("xml", "space", null, "preserve");
            Tip(label);
            xml.WriteString(VisibleText.Of(label.Text));
        }

        private void DrawRaster(Raster raster)
        {
            // Images have no styles to switch by: where the theme is the viewer's, both are there and one of them is shown.
            foreach (var (theme, shown) in paint.Themes)
            {
                Start("image", null, ("x", raster.X), ("y", raster.Y), ("width", raster.Width), ("height", raster.Height));
                xml.WriteAttributeString("preserveAspectRatio", "none");
                if (shown is not null)
                {
                    xml.WriteAttributeString("class", shown);
                }

                xml.WriteAttributeString("style", "image-rendering:pixelated");
                xml.WriteAttributeString("href", "data:image/png;base64," + Convert.ToBase64String(RasterImage.Encode(raster, theme)));
                Tip(raster);
                xml.WriteEndElement();
            }
        }

        private void Start(string name, Element? tipped, params ReadOnlySpan<(string Name, double Value)> lengths)
        {
            xml.WriteStartElement(name);
            foreach (var (attribute, value) in lengths)
            {
                if (value != 0 || attribute is "width" or "height")
                {
                    xml.WriteAttributeString(attribute, Number(value));
                }
            }

            Tip(tipped);
        }

        private void Tip(Element? element)
        {
            if (element?.Tip is { } tip)
            {
                xml.WriteElementString("title", VisibleText.Of(tip));
            }
        }
    }
}
