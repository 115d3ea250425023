namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>What a stretch of a template is.</summary>
internal enum JinjaSegmentKind
{
    /// <summary>Written as it is.</summary>
    Text,

    /// <summary><c>{{ … }}</c>.</summary>
    Output,

    /// <summary><c>{% … %}</c>.</summary>
    Block,
}

/// <summary>A stretch of a template.</summary>
internal readonly record struct JinjaSegment(JinjaSegmentKind Kind, string Source);

/// <summary>
/// Cuts a template into texts, outputs and blocks, with the white space around them as Transformers sets it: the line break behind a block and
/// the spaces of a line before one are not written (<c>trim_blocks</c>, <c>lstrip_blocks</c>).
/// </summary>
internal static class JinjaSegments
{
    public static List<JinjaSegment> Cut(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        source = source.EndsWith('\n') ? source[..^1] : source;
        var segments = new List<JinjaSegment>();
        var (at, trimsStart, dropsBreak) = (0, false, false);
        while (at < source.Length)
        {
            var open = NextOpen(source, at);
            var text = source[at..(open < 0 ? source.Length : open)];
            if (dropsBreak && text.StartsWith('\n'))
            {
                text = text[1..];
            }

            text = trimsStart ? text.TrimStart() : text;
            if (open < 0)
            {
                Add(JinjaSegmentKind.Text, text);
                break;
            }

            var mark = source[open + 1];
            var control = open + 2 < source.Length ? source[open + 2] : ' ';
            text =
                control == '-' ? text.TrimEnd()
                : mark != '{' && control != '+' ? WithoutIndent(text, LineBegins(source, at, open, text))
                : text;
            Add(JinjaSegmentKind.Text, text);
            var inner = open + 2 + (control is '-' or '+' ? 1 : 0);
            var close =
                mark == '#' ? source.IndexOf("#}", inner, StringComparison.Ordinal) : Close(source, inner, mark == '{' ? "}}" : "%}");
            if (close < 0)
            {
                throw ChatTemplateException.Failed($"a \"{{{mark}\" has no end");
            }

            var last = close > inner && source[close - 1] is '-' or '+' ? source[close - 1] : ' ';
            if (mark != '#')
            {
                segments.Add(
                    new JinjaSegment(
                        mark == '{' ? JinjaSegmentKind.Output : JinjaSegmentKind.Block,
                        source[inner..(last == ' ' || close == inner ? close : close - 1)]
                    )
                );
            }

            at = close + 2;
            trimsStart = last == '-';
            dropsBreak = mark != '{' && last != '+';
        }

        return segments;

        void Add(JinjaSegmentKind kind, string text)
        {
            if (text.Length > 0)
            {
                segments.Add(new JinjaSegment(kind, text));
            }
        }
    }

    private static int NextOpen(string source, int from)
    {
        for (var at = source.IndexOf('{', from); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at + 1))
        {
            if (source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The end of an expression: not one in a string, nor one that closes its own braces.</summary>
    private static int Close(string source, int from, string end)
    {
        var depth = 0;
        for (var at = from; at < source.Length; at++)
        {
            if (source[at] is '"' or '\'')
            {
                var quote = source[at];
                for (at++; at < source.Length && source[at] != quote; at++)
                {
                    at += source[at] == '\\' ? 1 : 0;
                }
            }
            else if (depth == 0 && string.CompareOrdinal(source, at, end, 0, 2) == 0)
            {
                return at;
            }
            else
            {
                depth += source[at] switch
                {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
            }
        }

        return -1;
    }

    /// <summary>Whether the text before a block begins a line, or follows something else on its own.</summary>
    private static bool LineBegins(string source, int from, int open, string text)
    {
        var line = source.LastIndexOf('\n', Math.Max(0, open - 1), open) + 1;
        return line >= from || (from == 0) || (from > 0 && source[from - 1] == '\n') || text.Contains('\n', StringComparison.Ordinal);
    }

    private static string WithoutIndent(string text, bool lineBegins)
    {
        var line = text.LastIndexOf('\n') + 1;
        return (line > 0 || lineBegins) && text.AsSpan(line).Trim(" \t").IsEmpty ? text[..line] : text;
    }
}
