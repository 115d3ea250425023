namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>Filters: <c>value | name(arguments)</c>.</summary>
internal static class JinjaFilters
{
    /// <summary>Applies a filter.</summary>
    /// <exception cref="ChatTemplateException">There is no such filter.</exception>
    public static object? Apply(string name, object? value, JinjaArguments arguments, JinjaBudget budget)
    {
        switch (name)
        {
            case "trim":
                return JinjaValues.Text(value).Trimmed((arguments.Get(0, "chars") as TracedText)?.Text, start: true, end: true);
            case "tojson":
                return JinjaJson.Write(value, arguments.Get(0, "indent") is long indent ? (int)Math.Clamp(indent, 0, 16) : null);
            case "length" or "count":
                return JinjaValues.Length(value);
            case "upper" or "lower" or "title" or "capitalize":
                return JinjaMethods.Find(JinjaValues.Text(value), name)!(JinjaArguments.None);
            case "string" or "safe":
                return JinjaValues.Text(value);
            case "replace":
                return JinjaMethods.Find(JinjaValues.Text(value), name)!(arguments);
            case "default" or "d":
                return value is JinjaUndefined || (JinjaValues.IsTrue(arguments.Get(1, "boolean", false)) && !JinjaValues.IsTrue(value))
                    ? arguments.Get(0, "default_value", TracedText.Empty)
                    : value;
            case "join":
                var between = arguments.Get(0, "d") is { } given ? JinjaValues.Text(given) : TracedText.Empty;
                return TracedText.Join(Picked(value, arguments.Get(1, "attribute")).Select(JinjaValues.Text), between);
            case "first":
                return JinjaValues.Items(value) is [var first, ..] ? first : JinjaUndefined.Of("first");
            case "last":
                return JinjaValues.Items(value) is [.., var last] ? last : JinjaUndefined.Of("last");
            case "list":
                return new List<object?>(JinjaValues.Items(value));
            case "reverse":
                return value is TracedText text
                    ? JinjaValues.Slice(text, null, null, -1)
                    : Enumerable.Reverse(JinjaValues.Items(value)).ToList();
            case "int":
                return JinjaValues.TryNumber(value, out var whole) ? (long)whole
                    : long.TryParse(JinjaValues.Text(value).Text, System.Globalization.CultureInfo.InvariantCulture, out var read) ? read
                    : arguments.Get(0, "default", 0L);
            case "float":
                return JinjaValues.TryNumber(value, out var real) ? real
                    : double.TryParse(JinjaValues.Text(value).Text, System.Globalization.CultureInfo.InvariantCulture, out var parsed)
                        ? parsed
                    : arguments.Get(0, "default", 0.0);
            case "abs":
                return value is long number ? (object)Math.Abs(number)
                    : JinjaValues.TryNumber(value, out var size) ? Math.Abs(size)
                    : throw NoNumber();
            case "items":
                return value is JinjaMap map ? JinjaMethods.Pairs(map) : new List<object?>();
            case "dictsort":
                return value is JinjaMap sorted
                    ? JinjaMethods
                        .Pairs(sorted)
                        .OrderBy(pair => ((TracedText)((List<object?>)pair!)[0]!).Text, StringComparer.OrdinalIgnoreCase)
                        .ToList()
                    : throw ChatTemplateException.Failed("\"dictsort\" is given no dictionary");
            case "sort":
                return JinjaValues.Items(value).Order(Comparer<object?>.Create(JinjaValues.Compare)).ToList();
            case "unique":
                var kept = new List<object?>();
                foreach (var item in JinjaValues.Items(value))
                {
                    if (!kept.Exists(one => JinjaValues.AreEqual(one, item)))
                    {
                        kept.Add(item);
                        budget.Walked(kept);
                    }
                }

                return kept;
            case "indent":
                return Indented(JinjaValues.Text(value), arguments);
            case "map":
                return arguments.Places.Count > 0
                    ? JinjaValues
                        .Items(value)
                        .ConvertAll(item => Apply(JinjaValues.TextOf(arguments.Places[0]).Text, item, Rest(arguments, 1), budget))
                    : Picked(value, arguments.Get(0, "attribute"));
            case "select" or "reject":
                return Chosen(JinjaValues.Items(value), item => item, arguments, 0, name == "select");
            case "selectattr" or "rejectattr":
                var path = arguments.Get(0, "attr");
                return Chosen(JinjaValues.Items(value), item => Pick(item, path), arguments, 1, name == "selectattr");
            default:
                throw ChatTemplateException.Unsupported($"the filter \"{name}\"");
        }
    }

    private static List<object?> Chosen(List<object?> items, Func<object?, object?> read, JinjaArguments arguments, int place, bool keep)
    {
        var test = arguments.Get(place, "test") is TracedText name ? name.Text : null;
        return items.FindAll(item =>
            keep == (test is null ? JinjaValues.IsTrue(read(item)) : JinjaTests.Holds(test, read(item), Rest(arguments, place + 1)))
        );
    }

    private static List<object?> Picked(object? value, object? attribute) =>
        attribute is null ? JinjaValues.Items(value) : JinjaValues.Items(value).ConvertAll(item => Pick(item, attribute));

    private static object? Pick(object? item, object? attribute) =>
        attribute is TracedText path
            ? path.Text.Split('.').Aggregate(item, (of, name) => of is JinjaUndefined ? of : JinjaValues.Item(of, TracedText.Own(name)))
            : JinjaValues.Item(item, attribute);

    private static JinjaArguments Rest(JinjaArguments arguments, int from) => new([.. arguments.Places.Skip(from)], arguments.Names);

    private static TracedText Indented(TracedText text, JinjaArguments arguments)
    {
        var width = arguments.Get(0, "width", 4L) is long count
            ? new string(' ', (int)Math.Clamp(count, 0, 64))
            : JinjaValues.TextOf(arguments.Get(0, "width")).Text;
        var lines = text.Split("\n", -1);
        var first = JinjaValues.IsTrue(arguments.Get(1, "first", false));
        var blank = JinjaValues.IsTrue(arguments.Get(2, "blank", false));
        return TracedText.Join(
            lines.Select(
                (line, at) => (at > 0 || first) && (blank || line.Length > 0) ? TracedText.Join([TracedText.Own(width), line]) : line
            ),
            TracedText.Own("\n")
        );
    }

    private static ChatTemplateException NoNumber() => ChatTemplateException.Failed("a number is expected");
}
