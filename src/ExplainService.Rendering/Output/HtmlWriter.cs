using System.Text;
using System.Xml;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Output;

/// <summary>
/// A scene as HTML: the same picture, and the numbers behind it as a table. It is one <c>figure</c> that can be set into a page as it
/// stands and is also a page by itself; nothing is loaded from anywhere.
/// </summary>
public static class HtmlWriter
{
    private const string Layout =
        "figure.explanation{margin:0;font:14px/1.45 system-ui,sans-serif}"
        + "figure.explanation svg{max-width:100%;height:auto;display:block}"
        + "figure.explanation details{margin:12px}"
        + "figure.explanation table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
        + "figure.explanation th,figure.explanation td{padding:2px 10px;text-align:start;border-bottom:1px solid #8884;white-space:pre-wrap;unicode-bidi:isolate}";

    /// <summary>The page.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="theme">The page that it stands on.</param>
    /// <param name="cancellationToken">Ends the writing: nobody waits for the picture any more.</param>
    public static byte[] Write(Scene scene, Theme theme, CancellationToken cancellationToken = default)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(false),
            OmitXmlDeclaration = true,
            ConformanceLevel = ConformanceLevel.Fragment,
            NewLineHandling = NewLineHandling.Entitize,
        };
        using (var xml = XmlWriter.Create(bytes, settings))
        {
            xml.WriteRaw("<!DOCTYPE html>\n");
            Empty(xml, "meta", ("charset", "utf-8"));
            Empty(xml, "meta", ("name", "viewport"), ("content", "width=device-width"));
            Empty(
                xml,
                "meta",
                ("name", "color-scheme"),
                (
                    "content",
                    theme == Theme.Auto ? "light dark"
                    : theme == Theme.Dark ? "dark"
                    : "light"
                )
            );
            xml.WriteElementString("title", VisibleText.Of(scene.Title));
            xml.WriteStartElement("figure");
            xml.WriteAttributeString("class", "explanation");
            xml.WriteElementString("style", Layout + Colours(theme));
            SvgWriter.Write(xml, scene, theme, cancellationToken);
            WriteNumbers(xml, scene, cancellationToken);
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private static string Colours(Theme theme)
    {
        var light = Rule(Theme.Light);
        var dark = Rule(Theme.Dark);
        return theme == Theme.Auto ? $"{light}@media (prefers-color-scheme:dark){{{dark}}}"
            : theme == Theme.Dark ? dark
            : light;

        static string Rule(Theme one) => $"figure.explanation{{background:#{Tone.Page.In(one).Hex};color:#{Tone.Ink.In(one).Hex}}}";
    }

    private static void WriteNumbers(XmlWriter xml, Scene scene, CancellationToken cancellationToken)
    {
        xml.WriteStartElement("details");
        xml.WriteElementString("summary", "Description and numbers");
        xml.WriteElementString("p", VisibleText.Of(scene.Description));
        if (scene.Numbers is { } numbers)
        {
            xml.WriteStartElement("table");
            Row(xml, "th", numbers.Columns);
            foreach (var row in numbers.Rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Row(xml, "td", row);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Row(XmlWriter xml, string cell, IReadOnlyList<string> values)
    {
        xml.WriteStartElement("tr");
        foreach (var value in values)
        {
            xml.WriteStartElement(cell);
            xml.WriteAttributeString("dir", "auto");
            xml.WriteString(VisibleText.Of(value));

            // HTML knows no empty-element tags for cells.
            xml.WriteFullEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Empty(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        foreach (var (attribute, value) in attributes)
        {
            xml.WriteAttributeString(attribute, value);
        }

        xml.WriteEndElement();
    }
}
