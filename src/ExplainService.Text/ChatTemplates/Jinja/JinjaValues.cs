using System.Globalization;
using System.Runtime.CompilerServices;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>Values as Python has them: null is None, whole numbers are long, texts know where they come from.</summary>
internal static class JinjaValues
{
    public static bool IsTrue(object? value) =>
        value switch
        {
            null or JinjaUndefined => false,
            bool flag => flag,
            long number => number != 0,
            double number => number != 0,
            TracedText text => text.Length > 0,
            List<object?> list => list.Count > 0,
            JinjaMap map => map.Count > 0,
            _ => true,
        };

    /// <summary>As Python's <c>str</c> writes it.</summary>
    public static TracedText Text(object? value) =>
        value switch
        {
            null => TracedText.Own("None"),
            JinjaUndefined => TracedText.Empty,
            bool flag => TracedText.Own(flag ? "True" : "False"),
            long number => TracedText.Own(number.ToString(CultureInfo.InvariantCulture)),
            double number => TracedText.Own(JinjaJson.Number(number)),
            TracedText text => text,
            List<object?> or JinjaMap => throw ChatTemplateException.Unsupported("a list or a dictionary written as Python writes it"),
            _ => throw ChatTemplateException.Unsupported("a function written as a text"),
        };

    public static bool AreEqual(object? a, object? b) =>
        a is List<object?> or JinjaMap && !RuntimeHelpers.TryEnsureSufficientExecutionStack()
            ? throw ChatTemplateException.TooMuch("nests values very deep")
            : (a, b) switch
            {
                (null, null) => true,
                (JinjaUndefined, JinjaUndefined) => true,
                (TracedText x, TracedText y) => x.Text == y.Text,
                (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => AreEqual(pair.First, pair.Second)),
                (JinjaMap x, JinjaMap y) => x.Count == y.Count && x.Keys.All(key => y.Has(key) && AreEqual(x[key], y[key])),
                _ => TryNumber(a, out var left) && TryNumber(b, out var right)
                    ? left.Equals(right)
                    : a is not null && ReferenceEquals(a, b),
            };

    public static int Compare(object? a, object? b) =>
        a is TracedText x && b is TracedText y ? string.CompareOrdinal(x.Text, y.Text)
        : TryNumber(a, out var left) && TryNumber(b, out var right) ? left.CompareTo(right)
        : throw ChatTemplateException.Failed("values of different kinds are compared");

    public static bool Contains(object? all, object? one) =>
        all switch
        {
            TracedText text when one is TracedText part => text.Text.Contains(part.Text, StringComparison.Ordinal),
            List<object?> list => list.Exists(item => AreEqual(item, one)),
            JinjaMap map => one is TracedText key && map.Has(key.Text),
            JinjaUndefined => false,
            _ => throw ChatTemplateException.Failed("\"in\" asks what holds nothing"),
        };

    /// <summary>What a loop walks over.</summary>
    public static List<object?> Items(object? value) =>
        value switch
        {
            List<object?> list => list,
            JinjaUndefined => [],
            JinjaMap map => [.. map.Keys.Select(key => (object?)TracedText.Own(key))],
            TracedText text => [.. Enumerable.Range(0, text.Length).Select(at => (object?)text.Slice(at, 1))],
            _ => throw ChatTemplateException.Failed("a loop walks over what has no items"),
        };

    public static long Length(object? value) =>
        value switch
        {
            TracedText text => text.Length,
            List<object?> list => list.Count,
            JinjaMap map => map.Count,
            JinjaUndefined => 0,
            _ => throw ChatTemplateException.Failed("what has no length is measured"),
        };

    public static long Whole(object? value) =>
        value switch
        {
            long number => number,
            bool flag => flag ? 1 : 0,
            _ => throw ChatTemplateException.Failed("a whole number is expected"),
        };

    public static TracedText TextOf(object? value) =>
        value as TracedText ?? throw ChatTemplateException.Failed("a text is expected where there is none");

    public static object? Attribute(object? of, string name) =>
        of switch
        {
            JinjaMap map when map.Has(name) => map[name],
            JinjaUndefined gone => throw ChatTemplateException.Failed($"\"{gone.Name}\" is not defined and \"{name}\" of it is read"),
            _ => (object?)JinjaMethods.Find(of, name) ?? JinjaUndefined.Of(name),
        };

    public static object? Item(object? of, object? key)
    {
        if (key is long index)
        {
            var length = of is List<object?> or TracedText ? Length(of) : 0;
            index = index < 0 ? index + length : index;
            return index < 0 || index >= length ? JinjaUndefined.Of("item")
                : of is List<object?> list ? list[(int)index]
                : ((TracedText)of!).Slice((int)index, 1);
        }

        return key is TracedText name ? Attribute(of, name.Text) : JinjaUndefined.Of("item");
    }

    /// <summary>A part of a list or a text, by Python's rules for ends that are beyond it.</summary>
    public static object? Slice(object? of, long? start, long? end, long? step)
    {
        var (length, by) = ((int)Length(of), step ?? 1);
        if (by == 0)
        {
            throw ChatTemplateException.Failed("a slice has steps of zero");
        }

        var (from, to) =
            by > 0
                ? (Bound(start, 0, 0, length), Bound(end, length, 0, length))
                : (Bound(start, length - 1, -1, length - 1), Bound(end, -1, -1, length - 1, open: end is null));
        var places = new List<int>();
        for (var at = from; by > 0 ? at < to : at > to; at += by)
        {
            places.Add((int)at);
        }

        return of switch
        {
            TracedText text when by == 1 => text.Slice((int)from, places.Count),
            TracedText text => TracedText.Join(places.Select(at => text.Slice(at, 1))),
            List<object?> list => places.ConvertAll(at => list[at]),
            _ => throw ChatTemplateException.Failed("a slice is taken of what has no order"),
        };

        long Bound(long? given, long otherwise, long least, long most, bool open = false)
        {
            var place =
                given is not { } number || open ? otherwise
                : number < 0 ? number + length
                : number;
            return Math.Clamp(place, least, most);
        }
    }

    public static object? Arithmetic(string sign, object? a, object? b, JinjaBudget budget)
    {
        switch (sign, a, b)
        {
            case ("+", TracedText x, TracedText y):
                return budget.Made(TracedText.Join([x, y]));
            case ("+", List<object?> x, List<object?> y):
                return budget.Made<List<object?>>([.. x, .. y]);
            case ("*", TracedText x, long times):
                times = Math.Clamp(times, 0, int.MaxValue);
                budget.Make(times * x.Length);
                return x.Length == 0 ? x : TracedText.Join(Enumerable.Repeat(x, (int)times));
            case ("%", TracedText, _):
                throw ChatTemplateException.Unsupported("\"%\" on a text");
        }

        if (!TryNumber(a, out var left) || !TryNumber(b, out var right))
        {
            throw ChatTemplateException.Failed($"\"{sign}\" stands between values that it does not go with");
        }

        if (sign is "/" or "//" or "%" && right == 0)
        {
            throw ChatTemplateException.Failed("it divides by zero");
        }

        var result = sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Floor(left / right),
            "%" => left - (right * Math.Floor(left / right)),
            _ => Math.Pow(left, right),
        };
        return sign != "/" && a is long or bool && b is long or bool && Math.Abs(result) < long.MaxValue ? (object)(long)result : result;
    }

    public static bool TryNumber(object? value, out double number)
    {
        (var isNumber, number) = value switch
        {
            long whole => (true, whole),
            double real => (true, real),
            bool flag => (true, flag ? 1 : 0),
            _ => (false, 0.0),
        };
        return isNumber;
    }
}
