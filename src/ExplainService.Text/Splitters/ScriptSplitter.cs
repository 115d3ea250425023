using System.Text;
using ExplainService.Text.Alignment;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Splitters;

/// <summary>
/// A piece ends where the script changes, as SentencePiece has it: kana count as Han, and spaces and unassigned characters as whatever is
/// before them. What is in front of the first character with a script is in no piece, as in Hugging Face's.
/// </summary>
internal sealed class ScriptSplitter : Splitter
{
    private static readonly Lazy<CodePointSet[]> Scripts = new(Read);

    protected override void SplitPiece(Piece piece, List<Piece> output)
    {
        var (start, at, last) = (-1, 0, -1);
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            var script = rune.Value == ' ' ? last : ScriptOf(rune, last);
            if (script >= 0 && script != last)
            {
                if (start >= 0)
                {
                    output.Add(piece.Slice(start, at - start));
                }

                (start, last) = (at, script);
            }

            at += rune.Utf16SequenceLength;
        }

        if (start >= 0)
        {
            output.Add(piece.Slice(start, at - start));
        }
    }

    /// <summary>The script's number, or −1. That of the character before is the likely one.</summary>
    private static int ScriptOf(Rune rune, int before) =>
        before >= 0 && Scripts.Value[before].Contains(rune.Value)
            ? before
            : Array.FindIndex(Scripts.Value, set => set.Contains(rune.Value));

    private static CodePointSet[] Read()
    {
        List<CodePointSet> scripts = [];
        while (UnicodeTable.Crates.Find($"script{scripts.Count}") is { } script)
        {
            scripts.Add(script);
        }

        return [.. scripts];
    }
}
