using ExplainService.Text.Unicode;

namespace ExplainService.Text.Patterns.Syntax;

/// <summary>Reads sets in brackets: ranges, sets in sets, intersections (<c>&amp;&amp;</c>), POSIX classes.</summary>
internal sealed class SetReader(PatternSource source, bool ignoreCase)
{
    private const int Deepest = 100;

    /// <summary>The set that comes next, its brackets included.</summary>
    public CodePointSet Read(int depth = 0)
    {
        var start = source.Position;
        source.Position++;
        var negated = source.Take("^");
        if (depth > Deepest)
        {
            throw source.Refuse(start);
        }

        CodePointSet? common = null;
        var members = CodePointSet.Empty;
        var first = true;
        while (true)
        {
            if (source.AtEnd)
            {
                throw source.Refuse(start);
            }

            // A bracket that would close an empty set is a member, if another closes it.
            if (source.Next == ']' && !first)
            {
                source.Position++;
                break;
            }

            if (source.Take("&&"))
            {
                common = Both(common, members);
                members = CodePointSet.Empty;
                first = false;
                continue;
            }

            members = members.Union(Member(depth));
            first = false;
        }

        members = Both(common, members);
        return negated ? members.Complement() : members;
    }

    private static CodePointSet Both(CodePointSet? common, CodePointSet members) => common is null ? members : common.Intersect(members);

    private CodePointSet Member(int depth)
    {
        if (source.Next == '[')
        {
            return Posix() ?? Read(depth + 1);
        }

        var start = source.Position;
        var low = Single();
        if (!IsRange(low))
        {
            return Fold(low);
        }

        source.Position++;
        var high = Single();
        var (from, to) = (low.Ranges[0].From, high.Ranges.Count == 1 ? high.Ranges[0].To : -1);
        return IsOne(high) && from <= to ? Fold(CodePointSet.Of(from, to)) : throw source.Refuse(start);
    }

    private bool IsRange(CodePointSet low) =>
        IsOne(low)
        && source.Next == '-'
        && source.Ahead(1) is not (']' or '[' or '\0')
        && !(source.Ahead(1) == '&' && source.Ahead(2) == '&');

    private static bool IsOne(CodePointSet set) => set.Ranges.Count == 1 && set.Ranges[0].From == set.Ranges[0].To;

    private CodePointSet Single() =>
        source.Next == '\\' ? EscapeReader.Read(source, insideSet: true)! : CodePointSet.Of(source.TakeCharacter());

    private CodePointSet Fold(CodePointSet set) => ignoreCase ? CaseFolding.Close(set) : set;

    private CodePointSet? Posix()
    {
        var start = source.Position;
        if (!source.Take("[:"))
        {
            return null;
        }

        var negated = source.Take("^");
        var from = source.Position;
        while (char.IsAsciiLetter(source.Next))
        {
            source.Position++;
        }

        var name = source.Since(from);
        if (!source.Take(":]"))
        {
            source.Position = start;
            return null;
        }

        var set = UnicodeTable.Oniguruma.Find($"[:{name}:]") ?? throw source.Refuse(start);
        return negated ? set.Complement() : set;
    }
}
