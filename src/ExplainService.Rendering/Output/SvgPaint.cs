using System.Text;
using System.Xml;
using ExplainService.Rendering.Colours;

namespace ExplainService.Rendering.Output;

/// <summary>
/// Colours of an SVG: attributes where the theme is fixed; where it is the viewer's, classes named by their two colours, so that the same
/// name means the same in every picture of a page.
/// </summary>
internal sealed class SvgPaint(Theme theme)
{
    private const string OnLight = "on-light";
    private const string OnDark = "on-dark";
    private readonly SortedDictionary<string, (string Property, Tone Tone)> classes = new(StringComparer.Ordinal);

    /// <summary>Themes to draw images for, each with the class that shows it only there.</summary>
    public IReadOnlyList<(Theme Theme, string? Shown)> Themes { get; } =
        theme == Theme.Auto ? [(Theme.Light, OnLight), (Theme.Dark, OnDark)] : [(theme, null)];

    /// <summary>The style sheet that the classes need.</summary>
    public string Style
    {
        get
        {
            // Isolated: what a run holds never reorders what stands beside it.
            var style = new StringBuilder("text{unicode-bidi:isolate}");
            if (theme != Theme.Auto)
            {
                return style.ToString();
            }

            Rules(style, tone => tone.Light).Append(".on-dark{display:none}@media (prefers-color-scheme:dark){");
            return Rules(style, tone => tone.Dark).Append(".on-dark{display:inline}.on-light{display:none}}").ToString();
        }
    }

    /// <summary>Writes the attributes of a fill and a stroke.</summary>
    public void Write(XmlWriter xml, Tone? fill, Tone? stroke, double width = 1, double opacity = 1, bool dashed = false)
    {
        var names = new List<string>(2);
        Colour("fill", fill);
        Colour("stroke", stroke);
        if (names.Count > 0)
        {
            xml.WriteAttributeString("class", string.Join(' ', names));
        }

        if (stroke is not null && width != 1)
        {
            xml.WriteAttributeString("stroke-width", SvgWriter.Number(width));
        }

        if (opacity < 1)
        {
            xml.WriteAttributeString("stroke-opacity", SvgWriter.Number(opacity));
        }

        if (dashed)
        {
            xml.WriteAttributeString("stroke-dasharray", "4 3");
        }

        void Colour(string property, Tone? tone)
        {
            if (tone is not { } colour)
            {
                if (property == "fill")
                {
                    xml.WriteAttributeString(property, "none");
                }
            }
            else if (theme != Theme.Auto)
            {
                xml.WriteAttributeString(property, "#" + colour.In(theme).Hex);
            }
            else
            {
                var name = $"{property[0]}{colour.Light.Hex}-{colour.Dark.Hex}";
                classes[name] = (property, colour);
                names.Add(name);
            }
        }
    }

    private StringBuilder Rules(StringBuilder style, Func<Tone, Rgb> choose)
    {
        foreach (var (name, (property, tone)) in classes)
        {
            style.Append('.').Append(name).Append('{').Append(property).Append(":#").Append(choose(tone).Hex).Append('}');
        }

        return style;
    }
}
