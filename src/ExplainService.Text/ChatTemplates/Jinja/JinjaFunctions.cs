using System.Globalization;
using System.Text;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>Functions that every template has.</summary>
internal static class JinjaFunctions
{
    private const int MaxRange = 100_000;

    /// <summary>A function; null: there is none of that name.</summary>
    public static JinjaFunction? Find(string name, JinjaBudget budget) =>
        name switch
        {
            "range" => arguments => budget.Made(Range(arguments)),
            "namespace" => arguments => Filled(new JinjaNamespace(), arguments),
            "dict" => arguments => Filled(new JinjaMap(), arguments),
            "raise_exception" => Refuse,
            "strftime_now" => arguments => TracedText.Own(Time(JinjaValues.TextOf(arguments.Get(0, "format")).Text, budget.Now)),
            _ => null,
        };

    private static List<object?> Range(JinjaArguments arguments)
    {
        long[] given = [.. arguments.Places.Select(JinjaValues.Whole)];
        var (start, end, step) = given.Length switch
        {
            1 => (0, given[0], 1),
            2 => (given[0], given[1], 1),
            3 when given[2] != 0 => (given[0], given[1], given[2]),
            _ => throw ChatTemplateException.Failed("\"range\" has no such arguments"),
        };
        var items = new List<object?>();
        for (var number = start; step > 0 ? number < end : number > end; number += step)
        {
            items.Add(number);
            if (items.Count > MaxRange)
            {
                throw ChatTemplateException.TooMuch($"counts further than {MaxRange}");
            }
        }

        return items;
    }

    private static JinjaMap Filled(JinjaMap map, JinjaArguments arguments)
    {
        foreach (var source in arguments.Places.OfType<JinjaMap>())
        {
            foreach (var key in source.Keys)
            {
                map[key] = source[key];
            }
        }

        foreach (var (name, value) in arguments.Names)
        {
            map[name] = value;
        }

        return map;
    }

    /// <summary>What a template says to messages that it does not take. What it says is not repeated where it holds what they say.</summary>
    private static object? Refuse(JinjaArguments arguments)
    {
        var reason = JinjaValues.Text(arguments.Get(0, "message", TracedText.Empty));
        throw new ChatTemplateException(
            "The chat template refuses these messages"
                + (reason.Origins is null && reason.Length is > 0 and < 500 ? $": {reason.Text.Trim().TrimEnd('.')}." : ".")
        );
    }

    private static string Time(string format, DateTimeOffset now)
    {
        var written = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                written.Append(format[at]);
                continue;
            }

            var plain = format[at + 1] == '-';
            at += plain ? 2 : 1;
            var part = at < format.Length ? format[at] : '%';
            var text = part switch
            {
                'Y' => "yyyy",
                'y' => "yy",
                'm' => "MM",
                'd' => "dd",
                'H' => "HH",
                'I' => "hh",
                'M' => "mm",
                'S' => "ss",
                'B' => "MMMM",
                'b' => "MMM",
                'A' => "dddd",
                'a' => "ddd",
                'p' => "tt",
                'j' => null,
                '%' => null,
                _ => throw ChatTemplateException.Unsupported($"\"%{part}\" in a date"),
            };
            var value =
                part == '%' ? "%"
                : part == 'j' ? now.DayOfYear.ToString("000", CultureInfo.InvariantCulture)
                : now.ToString(text + " ", CultureInfo.InvariantCulture)[..^1];
            written.Append(plain ? value.TrimStart('0') : value);
        }

        return written.ToString();
    }
}
