using System.Globalization;
using System.Text;
using ExplainService.Text.Patterns.Syntax;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns;

/// <summary>Writes a pattern as .NET reads it, over the stand-ins of an <see cref="Alphabet"/>.</summary>
internal sealed class PatternWriter(Alphabet alphabet)
{
    private readonly StringBuilder output = new();
    private readonly Dictionary<CodePointSet, string> sets = [];

    public static string Write(PatternNode node, Alphabet alphabet)
    {
        var writer = new PatternWriter(alphabet);
        writer.Write(node);
        return writer.output.ToString();
    }

    private void Write(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set set:
                output.Append(WriteSet(set.Characters));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Write(part);
                }

                break;
            case PatternNode.Choice choice:
                output.Append("(?:");
                WriteAll(choice.Options, '|');
                output.Append(')');
                break;
            case PatternNode.Repeat repeat:
                output.Append("(?:");
                Write(repeat.Part);
                output.Append(')').Append(Quantifier(repeat));
                break;
            case PatternNode.Atomic atomic:
                WriteGroup("(?>", atomic.Part);
                break;
            case PatternNode.Look look:
                WriteGroup(look.Behind ? (look.Negative ? "(?<!" : "(?<=") : (look.Negative ? "(?!" : "(?="), look.Part);
                break;
            case PatternNode.Anchor anchor:
                output.Append(WriteAnchor(anchor.Kind));
                break;
        }
    }

    private void WriteGroup(string opening, PatternNode part)
    {
        output.Append(opening);
        Write(part);
        output.Append(')');
    }

    private void WriteAll(IReadOnlyList<PatternNode> parts, char between)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
            {
                output.Append(between);
            }

            Write(parts[i]);
        }
    }

    private static string Quantifier(PatternNode.Repeat repeat)
    {
        var most = repeat.Most?.ToString(CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{{{repeat.Least},{most}}}{(repeat.Lazy ? "?" : "")}");
    }

    /// <summary>Oniguruma's line start is not behind a line feed that ends the text.</summary>
    private static string WriteAnchor(AnchorKind kind) =>
        kind switch
        {
            AnchorKind.LineStart => @"(?:\A|(?m:^)(?!\z))",
            AnchorKind.LineEnd => "(?m:$)",
            AnchorKind.TextStart => @"\A",
            AnchorKind.TextEnd => @"\z",
            AnchorKind.LastLineEnd => @"\Z",
            AnchorKind.WordBoundary => @"\b",
            _ => @"\B",
        };

    private string WriteSet(CodePointSet set)
    {
        if (sets.TryGetValue(set, out var known))
        {
            return known;
        }

        var members = alphabet.Letters.Where(letter => set.Contains(letter.Example)).Select(letter => (int)letter.StandIn);
        var ranges = CodePointSet.Of(members.Select(value => (value, value))).Ranges;
        var text =
            ranges.Count == 0 ? @"[^\u0000-\uFFFF]" : $"[{string.Concat(ranges.Select(range => $"{Unit(range.From)}-{Unit(range.To)}"))}]";
        return sets[set] = text;
    }

    private static string Unit(int value) => string.Create(CultureInfo.InvariantCulture, $@"\u{value:X4}");
}
