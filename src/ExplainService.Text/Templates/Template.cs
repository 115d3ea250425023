using System.Runtime.InteropServices;
using ExplainService.Text.Alignment;

namespace ExplainService.Text.Templates;

/// <summary>A place of a template: a special token, or one of the sequences.</summary>
/// <param name="Sequence">0 for the text, 1 for the pair, −1 for a special token.</param>
/// <param name="TypeId">The token type of what stands here.</param>
/// <param name="Id">The special token's id.</param>
/// <param name="Text">The special token's text.</param>
internal readonly record struct TemplatePart(int Sequence, int TypeId, int Id = 0, string Text = "");

/// <summary>Where special tokens go, and whether tokens' ranges leave out the spaces that they carry.</summary>
/// <remarks>
/// All post-processors of Hugging Face come down to this: <c>TemplateProcessing</c>, <c>BertProcessing</c> and <c>RobertaProcessing</c>
/// are templates, <c>ByteLevel</c> trims.
/// </remarks>
internal sealed record Template(IReadOnlyList<TemplatePart> Single, IReadOnlyList<TemplatePart> Pair)
{
    /// <summary>No special tokens; the pair has type 1.</summary>
    public static Template Plain { get; } = new([new TemplatePart(0, 0)], [new TemplatePart(0, 0), new TemplatePart(1, 1)]);

    /// <summary>Whether ranges leave out spaces.</summary>
    public bool TrimsOffsets { get; init; }

    /// <summary>Whether the first space was put there by the splitter, and so is in no range.</summary>
    public bool AddsPrefixSpace { get; init; }

    public int SpecialCount(bool pair) => (pair ? Pair : Single).Count(part => part.Sequence < 0);

    /// <summary>Lays the tokens of a text, and perhaps of its pair, out as the model reads them.</summary>
    public Encoding Apply(ReadOnlySpan<RawToken> text, ReadOnlySpan<RawToken> pair, bool isPair, bool addSpecialTokens)
    {
        var parts = isPair ? Pair : Single;
        List<Token> tokens = new(text.Length + pair.Length + parts.Count);
        foreach (var part in parts)
        {
            if (part.Sequence < 0)
            {
                if (addSpecialTokens)
                {
                    tokens.Add(new Token(part.Id, part.Text, 0, 0, true, null, -1, part.TypeId));
                }

                continue;
            }

            foreach (var raw in part.Sequence == 0 ? text : pair)
            {
                tokens.Add(new Token(raw.Id, raw.Text, raw.Start, raw.End, false, raw.Word, part.Sequence, part.TypeId));
            }
        }

        return new Encoding(tokens);
    }

    /// <summary>Takes spaces out of the ranges, if the template does so.</summary>
    public void Trim(List<RawToken> tokens)
    {
        if (!TrimsOffsets)
        {
            return;
        }

        var span = CollectionsMarshal.AsSpan(tokens);
        for (var i = 0; i < span.Length; i++)
        {
            var (text, start, end) = (span[i].Surface ?? span[i].Text, span[i].Start, span[i].End);
            var (leading, trailing) = (0, 0);
            while (leading < text.Length && IsSpace(text[leading]))
            {
                leading++;
            }

            while (trailing < text.Length && IsSpace(text[^(trailing + 1)]))
            {
                trailing++;
            }

            // A single space in front of everything is the one that the splitter added: the text does not have it.
            if (leading == 1 && AddsPrefixSpace && (i == 0 || start == 0))
            {
                leading = 0;
            }

            if (leading + trailing > 0)
            {
                start = Math.Min(start + leading, end);
                end = end >= trailing ? Math.Max(end - trailing, start) : end;
                span[i] = span[i] with { Start = start, End = end };
            }
        }
    }

    private static bool IsSpace(char unit) => unit == ByteLevel.Space || char.IsWhiteSpace(unit);
}
