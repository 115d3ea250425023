namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>An expression that has been read: from the variables of a place to its value.</summary>
internal delegate object? JinjaExpression(JinjaScope scope);

/// <summary>Reads expressions, by Jinja's precedence.</summary>
internal sealed partial class JinjaExpressions(JinjaLexer lexer)
{
    private const int MaxDepth = 100;

    private int depth;

    /// <summary>An expression with all its operators, <c>a if b else c</c> among them.</summary>
    public JinjaExpression Read()
    {
        if (++depth > MaxDepth)
        {
            throw ChatTemplateException.TooMuch($"nests expressions {MaxDepth} deep");
        }

        var value = Or();
        while (lexer.Skip("if"))
        {
            var (chosen, condition) = (value, Or());
            JinjaExpression? otherwise = lexer.Skip("else") ? Read() : null;
            value = scope =>
                JinjaValues.IsTrue(condition(scope)) ? chosen(scope)
                : otherwise is null ? JinjaUndefined.Of("else")
                : otherwise(scope);
        }

        depth--;
        return Counted(value);
    }

    /// <summary>An expression without <c>if</c>, as what a loop walks over is one.</summary>
    public JinjaExpression Or()
    {
        var left = And();
        while (lexer.Skip("or"))
        {
            var (first, second) = (left, And());
            left = scope => first(scope) is var value && JinjaValues.IsTrue(value) ? value : second(scope);
        }

        return left;
    }

    /// <summary>Names that take what is set, or what a loop gives.</summary>
    public List<string> Targets()
    {
        var bracket = lexer.Skip("(");
        List<string> names = [lexer.Name()];
        while (lexer.Skip(","))
        {
            names.Add(lexer.Name());
        }

        if (bracket)
        {
            lexer.Expect(")");
        }

        return names;
    }

    /// <summary>A list of values without brackets, as <c>set a, b = 1, 2</c> has.</summary>
    public JinjaExpression ReadTuple()
    {
        var first = Read();
        if (!lexer.Is(","))
        {
            return first;
        }

        List<JinjaExpression> items = [first];
        while (lexer.Skip(",") && !lexer.AtEnd)
        {
            items.Add(Read());
        }

        return scope => items.ConvertAll(item => item(scope));
    }

    /// <summary>A filter behind a value, and those behind it.</summary>
    public JinjaExpression Filter(JinjaExpression value)
    {
        var name = lexer.Name();
        var arguments = lexer.Is("(") ? Arguments() : NoArguments;
        return scope => scope.Budget.Made(JinjaFilters.Apply(name, scope.Budget.Walked(value(scope)), arguments(scope), scope.Budget));
    }

    private static JinjaArguments NoArguments(JinjaScope scope) => JinjaArguments.None;

    private static JinjaExpression Counted(JinjaExpression value) =>
        scope =>
        {
            scope.Budget.Step();
            return value(scope);
        };

    private JinjaExpression And()
    {
        var left = Not();
        while (lexer.Skip("and"))
        {
            var (first, second) = (left, Not());
            left = scope => first(scope) is var value && JinjaValues.IsTrue(value) ? second(scope) : value;
        }

        return left;
    }

    private JinjaExpression Not()
    {
        var turns = 0;
        while (lexer.Skip("not"))
        {
            turns++;
        }

        var value = Comparison();
        return turns == 0 ? value : scope => JinjaValues.IsTrue(value(scope)) == (turns % 2 == 0);
    }

    private JinjaExpression Comparison()
    {
        var first = Sum();
        List<(string Sign, JinjaExpression Value)> others = [];
        while (true)
        {
            var sign =
                lexer.Current is { Kind: JinjaTokenKind.Operator, Text: "==" or "!=" or "<" or ">" or "<=" or ">=" } ? lexer.Next().Text
                : lexer.Skip("in") ? "in"
                : lexer.Is("not") && lexer.Peek(1) is { Kind: JinjaTokenKind.Name, Text: "in" } ? "not in"
                : null;
            if (sign is null)
            {
                break;
            }

            if (sign == "not in")
            {
                lexer.Next();
                lexer.Next();
            }

            others.Add((sign, Sum()));
        }

        return others.Count == 0
            ? first
            : scope =>
            {
                var left = first(scope);
                foreach (var (sign, value) in others)
                {
                    var right = scope.Budget.Walked(value(scope));
                    if (!Holds(sign, left, right))
                    {
                        return false;
                    }

                    left = right;
                }

                return true;
            };
    }

    private static bool Holds(string sign, object? left, object? right) =>
        sign switch
        {
            "==" => JinjaValues.AreEqual(left, right),
            "!=" => !JinjaValues.AreEqual(left, right),
            "in" => JinjaValues.Contains(right, left),
            "not in" => !JinjaValues.Contains(right, left),
            "<" => JinjaValues.Compare(left, right) < 0,
            ">" => JinjaValues.Compare(left, right) > 0,
            "<=" => JinjaValues.Compare(left, right) <= 0,
            _ => JinjaValues.Compare(left, right) >= 0,
        };

    private JinjaExpression Sum() => Chain(Joined, "+", "-");

    private JinjaExpression Joined()
    {
        List<JinjaExpression> parts = [Product()];
        while (lexer.Skip("~"))
        {
            parts.Add(Product());
        }

        return parts.Count == 1
            ? parts[0]
            : scope => scope.Budget.Made(TracedText.Join(parts.Select(part => JinjaValues.Text(part(scope)))));
    }

    private JinjaExpression Product() => Chain(Power, "*", "/", "//", "%");

    private JinjaExpression Power() => Chain(() => Unary(filters: true), "**");

    private JinjaExpression Chain(Func<JinjaExpression> inner, params string[] signs)
    {
        var left = inner();
        while (lexer.Current is { Kind: JinjaTokenKind.Operator } && signs.Contains(lexer.Current.Text))
        {
            var (sign, first, second) = (lexer.Next().Text, left, inner());
            left = scope =>
            {
                scope.Budget.Step();
                return JinjaValues.Arithmetic(sign, first(scope), second(scope), scope.Budget);
            };
        }

        return left;
    }

    /// <summary>A sign binds closer than a filter, and a subscript closer than a sign.</summary>
    private JinjaExpression Unary(bool filters)
    {
        if (++depth > MaxDepth)
        {
            throw ChatTemplateException.TooMuch($"nests expressions {MaxDepth} deep");
        }

        var value =
            lexer.Skip("-") ? Negative(Unary(filters: false))
            : lexer.Skip("+") ? Unary(filters: false)
            : Behind(Primary());
        value = filters ? Filtered(value) : value;
        depth--;
        return value;

        static JinjaExpression Negative(JinjaExpression value) =>
            scope =>
                value(scope) switch
                {
                    long number => (object)-number,
                    double number => -number,
                    _ => throw ChatTemplateException.Failed("\"-\" stands before what is no number"),
                };
    }
}
