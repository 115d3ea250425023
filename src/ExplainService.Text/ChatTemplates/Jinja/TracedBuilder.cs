using System.Text;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>Puts a text together that knows where its characters come from.</summary>
internal sealed class TracedBuilder
{
    private readonly StringBuilder text = new();
    private readonly List<int> origins = [];
    private bool traced;

    public int Length => text.Length;

    public void Add(TracedText part)
    {
        Trace(part.Origins is not null);
        text.Append(part.Text);
        if (traced)
        {
            origins.AddRange(part.Origins ?? Enumerable.Repeat(-1, part.Length));
        }
    }

    public void Add(string part) => Add(TracedText.Own(part));

    /// <summary>What is written for one character of another text.</summary>
    public void Add(string written, TracedText of, int at)
    {
        Trace(of.Origins is not null);
        text.Append(written);
        if (traced)
        {
            // The first of them stands for it: a character is written once.
            origins.Add(of.Origins?[at] ?? -1);
            origins.AddRange(Enumerable.Repeat(-1, written.Length - 1));
        }
    }

    public TracedText ToText() => new(text.ToString(), traced ? [.. origins] : null);

    private void Trace(bool now)
    {
        if (now && !traced)
        {
            traced = true;
            origins.AddRange(Enumerable.Repeat(-1, text.Length));
        }
    }
}
