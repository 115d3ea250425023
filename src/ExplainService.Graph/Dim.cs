namespace ExplainService.Graph;

/// <summary>
/// A dimension, or an element of a shape: a known number, a symbol such as <c>batch_size</c>, or unknown. Arithmetic keeps a
/// canonical text for products and sums of symbols, so that equal expressions compare equal; what it cannot express is unknown.
/// </summary>
public readonly record struct Dim(long? Value, string? Symbol)
{
    /// <summary>
    /// An expression that is longer says nothing that anybody compares, and sums of sums would double it from one operator to the next.
    /// </summary>
    private const int MaxLength = 200;

    /// <summary>Nothing is known.</summary>
    public static Dim Unknown => default;

    /// <summary>Neither number nor symbol.</summary>
    public bool IsUnknown => Value is null && Symbol is null;

    /// <summary>A named dimension.</summary>
    public static Dim Of(string symbol) => new(null, symbol);

    /// <summary>A known dimension.</summary>
    public static implicit operator Dim(long value) => new(value, null);

    /// <summary>The product.</summary>
    public static Dim operator *(Dim a, Dim b)
    {
        if (a.Value == 0 || b.Value == 0)
        {
            return 0;
        }

        if (a.IsUnknown || b.IsUnknown)
        {
            return Unknown;
        }

        var (left, right) = (a.Factors(), b.Factors());
        return Product(checked(left.Coefficient * right.Coefficient), left.Symbols.Concat(right.Symbols));
    }

    /// <summary>The quotient, where it is exact for every value of the symbols.</summary>
    public static Dim operator /(Dim a, Dim b)
    {
        if (a.IsUnknown || b.IsUnknown || b.Value == 0)
        {
            return Unknown;
        }

        var (left, right) = (a.Factors(), b.Factors());
        var rest = left.Symbols.ToList();
        if (right.Coefficient == 0 || left.Coefficient % right.Coefficient != 0 || !right.Symbols.All(rest.Remove))
        {
            return Unknown;
        }

        return Product(left.Coefficient / right.Coefficient, rest);
    }

    /// <summary>The sum.</summary>
    public static Dim operator +(Dim a, Dim b)
    {
        if (a.Value is { } x && b.Value is { } y)
        {
            return x + y;
        }

        if (a.Value == 0)
        {
            return b;
        }

        if (b.Value == 0)
        {
            return a;
        }

        if (a.IsUnknown || b.IsUnknown)
        {
            return Unknown;
        }

        string[] terms = [a.ToString(), b.ToString()];
        Array.Sort(terms, StringComparer.Ordinal);
        return Made($"({terms[0]}+{terms[1]})");
    }

    /// <summary>The difference.</summary>
    public static Dim operator -(Dim a, Dim b)
    {
        if (a.Value is { } x && b.Value is { } y)
        {
            return x - y;
        }

        if (b.Value == 0)
        {
            return a;
        }

        if (a.IsUnknown || b.IsUnknown)
        {
            return Unknown;
        }

        return a == b ? 0 : Made($"({a}-{b})");
    }

    /// <summary>Whether it is a named dimension or a product of such, which is never negative.</summary>
    public bool IsSize => Value is >= 0 || (Symbol is not null && !Symbol.Contains('-'));

    /// <summary>The number, the symbol, or <c>?</c>.</summary>
    public override string ToString() =>
        Value is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : Symbol ?? "?";

    private static Dim Made(string text) => text.Length > MaxLength ? Unknown : Of(text);

    private (long Coefficient, IEnumerable<string> Symbols) Factors()
    {
        if (Value is { } number)
        {
            return (number, []);
        }

        var parts = Split(Symbol!);
        return long.TryParse(parts[0], out var coefficient) ? (coefficient, parts.Skip(1)) : (1, parts);
    }

    private static Dim Product(long coefficient, IEnumerable<string> symbols)
    {
        var sorted = symbols.Order(StringComparer.Ordinal).ToList();
        if (sorted.Count == 0)
        {
            return coefficient;
        }

        return Made(
            string.Join(
                '*',
                coefficient == 1 ? sorted : sorted.Prepend(coefficient.ToString(System.Globalization.CultureInfo.InvariantCulture))
            )
        );
    }

    // Products inside a sum's parentheses belong to that sum.
    private static List<string> Split(string symbol)
    {
        var (parts, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < symbol.Length; i++)
        {
            depth += symbol[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (symbol[i] != '*' || depth != 0)
            {
                continue;
            }

            parts.Add(symbol[start..i]);
            start = i + 1;
        }

        parts.Add(symbol[start..]);
        return parts;
    }
}
