using System.Globalization;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>A page that fills from the top.</summary>
internal sealed class Sheet(double width)
{
    /// <summary>Empty space around everything.</summary>
    public const double Margin = 18;

    /// <summary>Size of ordinary text.</summary>
    public const double Text = 13;

    /// <summary>Size of captions.</summary>
    public const double Small = 12;

    private readonly List<Element> elements = [];

    /// <summary>Width of the picture.</summary>
    public double Width => width;

    /// <summary>Where content starts.</summary>
    public double Left { get; private set; } = Margin;

    /// <summary>Where content ends.</summary>
    public double Right => width - Margin;

    /// <summary>Width of the content.</summary>
    public double Inner => Right - Left;

    /// <summary>Where the next thing goes.</summary>
    public double Y { get; set; } = Margin;

    /// <summary>Draws something.</summary>
    public void Add(Element element) => elements.Add(element);

    /// <summary>Draws what stands further in.</summary>
    public void Indented(double by, Action draw)
    {
        Left += by;
        draw();
        Left -= by;
    }

    /// <summary>Draws a caption's title and lines, and moves below them.</summary>
    public void Heading(Caption caption)
    {
        Paragraph(caption.Title, 16, Tone.Ink, bold: true);
        Y += 2;
        foreach (var line in caption.Lines)
        {
            Paragraph(line, Small, Tone.Faint);
        }

        Y += 12;
    }

    /// <summary>Draws wrapped text, and moves below it.</summary>
    public void Paragraph(string text, double size, Tone ink, bool bold = false)
    {
        foreach (var line in Wrap(text, size, bold))
        {
            Y += size * TextMeasure.LineHeight;
            Add(new Label(Left, Y - (size * 0.28), line, size, ink) { Bold = bold });
        }
    }

    /// <summary>Draws remarks below the picture.</summary>
    public void Remarks(IEnumerable<string> remarks)
    {
        Y += 6;
        foreach (var remark in remarks)
        {
            Paragraph(remark, Small, Tone.Faint);
        }
    }

    /// <summary>The picture.</summary>
    public Scene Finish(Caption caption, NumberTable? numbers = null) =>
        new(width, Math.Ceiling(Y + Margin), caption.Title, caption.Description, elements) { Numbers = numbers };

    private IEnumerable<string> Wrap(string text, double size, bool bold)
    {
        var line = "";
        foreach (var word in VisibleText.OneLine(text).Split(' '))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && TextMeasure.Width(longer, size, bold) > Inner)
            {
                yield return line;
                longer = word;
            }

            // Addresses and paths are cut anywhere, so that all of them can be read.
            while (
                TextMeasure.Width(longer, size, bold) > Inner
                && Fitting(longer, size, bold) is > 0 and var fitting
                && fitting < longer.Length
            )
            {
                yield return longer[..fitting];
                longer = longer[fitting..];
            }

            line = longer;
        }

        yield return line;
    }

    /// <summary>How much of a word stands on one line; one grapheme at least.</summary>
    private int Fitting(string word, double size, bool bold)
    {
        var starts = StringInfo.ParseCombiningCharacters(word);
        var (low, high) = (1, starts.Length);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var end = middle == starts.Length ? word.Length : starts[middle];
            (low, high) = TextMeasure.Width(word[..end], size, bold) <= Inner ? (middle, high) : (low, middle - 1);
        }

        return low == starts.Length ? word.Length : starts[low];
    }
}
