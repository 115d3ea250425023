using System.Globalization;
using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns.Syntax;

/// <summary>Reads a pattern in Oniguruma's Ruby syntax, which is what tokenizer.json has.</summary>
internal sealed class PatternParser
{
    private const int Deepest = 200;
    private readonly PatternSource source;
    private PatternOptions options;
    private int depth;

    private PatternParser(string pattern) => source = new PatternSource(pattern);

    /// <exception cref="TokenizerNotSupportedException">Something has no equivalent here; it is named.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.ReadChoice();
        if (!parser.source.AtEnd)
        {
            var start = parser.source.Position++;
            throw parser.source.Refuse(start);
        }

        return node;
    }

    private PatternNode ReadChoice()
    {
        List<PatternNode> choices = [ReadSequence()];
        while (source.Take("|"))
        {
            choices.Add(ReadSequence());
        }

        return choices.Count == 1 ? choices[0] : new PatternNode.Choice(choices);
    }

    private PatternNode.Sequence ReadSequence()
    {
        List<PatternNode> parts = [];
        while (!source.AtEnd && source.Next is not ('|' or ')'))
        {
            var start = source.Position;
            if (SkipComment() || ReadAtom(start) is not { } atom)
            {
                continue;
            }

            parts.Add(ReadQuantifiers(atom, start));
        }

        return new PatternNode.Sequence(parts);
    }

    /// <summary>The part that comes next, or null for what only switches options.</summary>
    private PatternNode? ReadAtom(int start)
    {
        switch (source.Next)
        {
            case '(':
                return ReadGroup(start);
            case '[':
                return new PatternNode.Set(new SetReader(source, options.IgnoreCase).Read());
            case '.':
                source.Position++;
                return new PatternNode.Set(options.DotAll ? CodePointSet.All : CodePointSet.Of('\n').Complement());
            case '^':
                source.Position++;
                return new PatternNode.Anchor(AnchorKind.LineStart);
            case '$':
                source.Position++;
                return new PatternNode.Anchor(AnchorKind.LineEnd);
            case '\\':
                return ReadEscape(start);
            case '*' or '+' or '?':
                source.Position++;
                throw source.Refuse(start);
            default:
                return Character(CodePointSet.Of(source.TakeCharacter()));
        }
    }

    private PatternNode.Set Character(CodePointSet set) => new(options.IgnoreCase ? CaseFolding.Close(set) : set);

    private PatternNode ReadEscape(int start)
    {
        var isProperty = char.IsAsciiLetter(source.Ahead(1)) && "wWdDsShHpPNO".Contains(source.Ahead(1));
        if (EscapeReader.Read(source, insideSet: false) is { } set)
        {
            return isProperty ? new PatternNode.Set(set) : Character(set);
        }

        source.Position += 2;
        return source.Ahead(-1) switch
        {
            'A' => new PatternNode.Anchor(AnchorKind.TextStart),
            'z' => new PatternNode.Anchor(AnchorKind.TextEnd),
            'Z' => new PatternNode.Anchor(AnchorKind.LastLineEnd),
            'b' => new PatternNode.Anchor(AnchorKind.WordBoundary),
            'B' => new PatternNode.Anchor(AnchorKind.NoWordBoundary),
            'R' => LineBreak(),
            _ => throw source.Refuse(start),
        };
    }

    private static PatternNode.Atomic LineBreak()
    {
        PatternNode.Set[] pair = [new(CodePointSet.Of('\r')), new(CodePointSet.Of('\n'))];
        var single = CodePointSet.Of([('\n', '\r'), (0x85, 0x85), (0x2028, 0x2029)]);
        return new PatternNode.Atomic(new PatternNode.Choice([new PatternNode.Sequence(pair), new PatternNode.Set(single)]));
    }

    private PatternNode? ReadGroup(int start)
    {
        var outer = options;
        source.Position++;
        if (++depth > Deepest)
        {
            throw source.Refuse(start);
        }

        PatternNode? node;
        var closed = false;
        if (!source.Take("?"))
        {
            node = ReadChoice();
        }
        else if (source.Take("#"))
        {
            source.TakeUntil(')', start);
            depth--;
            return null;
        }
        else
        {
            (node, closed) = ReadSpecialGroup(start);
        }

        if (!closed && !source.Take(")"))
        {
            throw source.Refuse(start);
        }

        options = outer;
        depth--;
        return node;
    }

    /// <summary>What is in the group, and whether its closing bracket was read.</summary>
    private (PatternNode Node, bool Closed) ReadSpecialGroup(int start)
    {
        if (source.Take(":"))
        {
            return (ReadChoice(), false);
        }

        if (source.Take(">"))
        {
            return (new PatternNode.Atomic(ReadChoice()), false);
        }

        foreach (var (mark, behind, negative) in Looks)
        {
            if (source.Take(mark))
            {
                return (new PatternNode.Look(ReadChoice(), behind, negative), false);
            }
        }

        if (source.Next is '<' or '\'' && char.IsLetter(source.Ahead(1)))
        {
            var end = source.Next == '<' ? '>' : '\'';
            source.Position++;
            source.TakeUntil(end, start);
            return (ReadChoice(), false);
        }

        return ReadOptions(start);
    }

    private static readonly (string Mark, bool Behind, bool Negative)[] Looks =
    [
        ("=", false, false),
        ("!", false, true),
        ("<=", true, false),
        ("<!", true, true),
    ];

    /// <summary>Options alone hold for the rest of the group around them, bars included: <c>a(?i)b|c</c> is <c>a(?i:b|c)</c>.</summary>
    private (PatternNode Node, bool Closed) ReadOptions(int start)
    {
        var on = true;
        while (source.Next is 'i' or 'm' or 'x' or '-')
        {
            switch (source.Next)
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    options = options with { IgnoreCase = on };
                    break;
                case 'm':
                    options = options with { DotAll = on };
                    break;
                default:
                    options = options with { Extended = on };
                    break;
            }

            source.Position++;
        }

        var alone = source.Take(")");
        if (!alone && !source.Take(":"))
        {
            source.Position += source.AtEnd ? 0 : 1;
            throw source.Refuse(start);
        }

        return (ReadChoice(), alone);
    }

    private bool SkipComment()
    {
        if (!options.Extended)
        {
            return false;
        }

        if (char.IsWhiteSpace(source.Next))
        {
            source.Position++;
            return true;
        }

        if (source.Next != '#')
        {
            return false;
        }

        while (!source.AtEnd && source.Next != '\n')
        {
            source.Position++;
        }

        return true;
    }

    private PatternNode ReadQuantifiers(PatternNode atom, int start)
    {
        while (true)
        {
            while (SkipComment())
            {
                // Quantifiers may stand apart from what they repeat.
            }

            var (least, most, interval) = (0, (int?)null, false);
            switch (source.Next)
            {
                case '*':
                    source.Position++;
                    break;
                case '+':
                    (least, most) = (1, null);
                    source.Position++;
                    break;
                case '?':
                    most = 1;
                    source.Position++;
                    break;
                case '{' when ReadInterval(start) is { } bounds:
                    (least, most, interval) = (bounds.Least, bounds.Most, true);
                    break;
                default:
                    return atom;
            }

            // After an interval of two numbers a plus repeats it again; after one number so does a question mark.
            var lazy = !(interval && least == most) && source.Take("?");
            PatternNode repeated = new PatternNode.Repeat(atom, least, most, lazy);
            atom = !lazy && !interval && source.Take("+") ? new PatternNode.Atomic(repeated) : repeated;
        }
    }

    /// <summary><c>{n}</c>, <c>{n,}</c>, <c>{,m}</c> or <c>{n,m}</c>; null for a bracket that is only itself.</summary>
    private (int Least, int? Most)? ReadInterval(int start)
    {
        const int most = 100_000;
        var from = source.Position++;
        var least = source.TakeNumber(9, NumberStyles.None);
        var (comma, upper) = (source.Take(","), (int?)null);
        if (comma)
        {
            upper = source.TakeNumber(9, NumberStyles.None);
        }

        if ((least is null && upper is null) || !source.Take("}"))
        {
            source.Position = from;
            return null;
        }

        var bounds = (Least: least ?? 0, Most: comma ? upper : least);
        return bounds.Least <= most && (bounds.Most ?? bounds.Least) is var end && end <= most && end >= bounds.Least
            ? bounds
            : throw source.Refuse(start);
    }
}
