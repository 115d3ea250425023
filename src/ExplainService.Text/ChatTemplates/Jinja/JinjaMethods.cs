namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>Methods of texts and dictionaries, by Python's names.</summary>
internal static class JinjaMethods
{
    private static readonly HashSet<string> OfTexts =
    [
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "rsplit",
        "splitlines",
        "startswith",
        "endswith",
        "upper",
        "lower",
        "title",
        "capitalize",
        "replace",
        "join",
        "find",
        "rfind",
        "index",
        "count",
        "removeprefix",
        "removesuffix",
        "isdigit",
        "isspace",
        "isalpha",
        "isupper",
    ];

    /// <summary>A method; null: the value has none of that name.</summary>
    public static JinjaFunction? Find(object? of, string name) =>
        of switch
        {
            TracedText text when OfTexts.Contains(name) => arguments => OfText(text, name, arguments),
            TracedText => throw ChatTemplateException.Unsupported($"the method \"{name}\" of a text"),
            JinjaMap map when name is "items" or "keys" or "values" or "get" => arguments => OfMap(map, name, arguments),
            List<object?> when name is "append" or "extend" or "insert" or "pop" or "update" => throw ChatTemplateException.Unsupported(
                $"\"{name}\", which changes a list"
            ),
            List<object?> list when name is "index" or "count" => arguments => OfList(list, name, arguments),
            _ => null,
        };

    private static object? OfText(TracedText text, string name, JinjaArguments arguments)
    {
        switch (name)
        {
            case "strip" or "lstrip" or "rstrip":
                return text.Trimmed((arguments.Get(0, "chars") as TracedText)?.Text, name != "rstrip", name != "lstrip");
            case "split" or "rsplit":
                var separator = (arguments.Get(0, "sep") as TracedText)?.Text;
                return separator is { Length: 0 }
                    ? throw ChatTemplateException.Failed("a text is split at nothing")
                    : Listed(text.Split(separator, (int)JinjaValues.Whole(arguments.Get(1, "maxsplit", -1L)), name == "rsplit"));
            case "splitlines":
                var lines = text.Split("\n", -1);
                return Listed(lines[^1].Length == 0 ? lines[..^1] : lines);
            case "startswith" or "endswith":
                return Options(arguments.Get(0, "prefix"))
                    .Exists(option =>
                        name == "startswith"
                            ? text.Text.StartsWith(option, StringComparison.Ordinal)
                            : text.Text.EndsWith(option, StringComparison.Ordinal)
                    );
            case "upper":
                return text.Mapped(own => own.ToUpperInvariant());
            case "lower":
                return text.Mapped(own => own.ToLowerInvariant());
            case "title":
                return text.Mapped(Title);
            case "capitalize":
                return text.Mapped(own => own.Length == 0 ? own : char.ToUpperInvariant(own[0]) + own[1..].ToLowerInvariant());
            case "replace":
                return text.Replace(
                    JinjaValues.TextOf(arguments.Get(0, "old")).Text,
                    JinjaValues.TextOf(arguments.Get(1, "new")),
                    (int)JinjaValues.Whole(arguments.Get(2, "count", -1L))
                );
            case "join":
                return TracedText.Join(JinjaValues.Items(arguments.Get(0, "iterable")).Select(JinjaValues.TextOf), text);
            case "find" or "index":
                return (long)text.Text.IndexOf(JinjaValues.TextOf(arguments.Get(0, "sub")).Text, StringComparison.Ordinal);
            case "rfind":
                return (long)text.Text.LastIndexOf(JinjaValues.TextOf(arguments.Get(0, "sub")).Text, StringComparison.Ordinal);
            case "count":
                return (long)text.Split(JinjaValues.TextOf(arguments.Get(0, "sub")).Text, -1).Count - 1;
            case "removeprefix":
                var prefix = JinjaValues.TextOf(arguments.Get(0, "prefix")).Text;
                return text.Text.StartsWith(prefix, StringComparison.Ordinal)
                    ? text.Slice(prefix.Length, text.Length - prefix.Length)
                    : text;
            case "removesuffix":
                var suffix = JinjaValues.TextOf(arguments.Get(0, "suffix")).Text;
                return text.Text.EndsWith(suffix, StringComparison.Ordinal) ? text.Slice(0, text.Length - suffix.Length) : text;
            default:
                return text.Length > 0
                    && text.Text.All(
                        name switch
                        {
                            "isdigit" => char.IsDigit,
                            "isspace" => char.IsWhiteSpace,
                            "isalpha" => char.IsLetter,
                            _ => char.IsUpper,
                        }
                    );
        }
    }

    private static object? OfMap(JinjaMap map, string name, JinjaArguments arguments) =>
        name switch
        {
            "keys" => JinjaValues.Items(map),
            "values" => map.Values.ToList(),
            "items" => Pairs(map),
            _ => JinjaValues.TextOf(arguments.Get(0, "key")).Text is var key && map.Has(key) ? map[key] : arguments.Get(1, "default"),
        };

    private static long OfList(List<object?> list, string name, JinjaArguments arguments) =>
        name == "count"
            ? list.Count(item => JinjaValues.AreEqual(item, arguments.Get(0, "x")))
            : list.FindIndex(item => JinjaValues.AreEqual(item, arguments.Get(0, "x")));

    /// <summary>Keys with their values.</summary>
    public static List<object?> Pairs(JinjaMap map) =>
        [.. map.Keys.Select(key => (object?)new List<object?> { TracedText.Own(key), map[key] })];

    /// <summary>Every word with a capital.</summary>
    public static string Title(string text) =>
        string.Concat(
            text.Select(
                (letter, at) => at == 0 || !char.IsLetter(text[at - 1]) ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter)
            )
        );

    private static List<object?> Listed(IEnumerable<TracedText> parts) => [.. parts];

    private static List<string> Options(object? value) =>
        value is List<object?> several ? several.ConvertAll(one => JinjaValues.TextOf(one).Text) : [JinjaValues.TextOf(value).Text];
}
