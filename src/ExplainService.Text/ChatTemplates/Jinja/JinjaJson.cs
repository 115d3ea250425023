using System.Globalization;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>The filter <c>tojson</c> as Transformers has it: Python's <c>json.dumps</c> with <c>ensure_ascii=False</c>.</summary>
internal static class JinjaJson
{
    private const int MaxDepth = 60;

    public static TracedText Write(object? value, int? indent)
    {
        var all = new TracedBuilder();
        Write(all, value, indent, 1);
        return all.ToText();
    }

    public static string Number(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e16
            ? number.ToString("F1", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);

    private static void Write(TracedBuilder all, object? value, int? indent, int depth)
    {
        switch (depth > MaxDepth ? throw ChatTemplateException.TooMuch("nests values very deep") : value)
        {
            case null:
                all.Add("null");
                break;
            case bool flag:
                all.Add(flag ? "true" : "false");
                break;
            case long or double:
                all.Add(JinjaValues.Text(value));
                break;
            case TracedText text:
                Quote(all, text);
                break;
            case List<object?> list:
                Items(all, '[', ']', list.Count, indent, depth, at => Write(all, list[at], indent, depth + 1));
                break;
            case JinjaMap map:
                string[] keys = [.. map.Keys];
                Items(
                    all,
                    '{',
                    '}',
                    keys.Length,
                    indent,
                    depth,
                    at =>
                    {
                        Quote(all, TracedText.Own(keys[at]));
                        all.Add(": ");
                        Write(all, map[keys[at]], indent, depth + 1);
                    }
                );
                break;
            default:
                throw ChatTemplateException.Failed("\"tojson\" is given what is no JSON");
        }
    }

    private static void Items(TracedBuilder all, char open, char close, int count, int? indent, int depth, Action<int> write)
    {
        all.Add(open.ToString());
        for (var at = 0; at < count; at++)
        {
            all.Add(
                (
                    at > 0
                        ? indent is null
                            ? ", "
                            : ","
                        : ""
                ) + Line(depth)
            );
            write(at);
        }

        all.Add((count > 0 ? Line(depth - 1) : "") + close);

        string Line(int level) => indent is { } width ? "\n" + new string(' ', width * level) : "";
    }

    private static void Quote(TracedBuilder all, TracedText text)
    {
        all.Add("\"");
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text.Text[at];
            all.Add(
                letter switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    < ' ' => FormattableString.Invariant($"\\u{(int)letter:x4}"),
                    _ => letter.ToString(),
                },
                text,
                at
            );
        }

        all.Add("\"");
    }
}
