using System.Globalization;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>What stands between operators: values, what is read of them, calls, filters and tests.</summary>
internal sealed partial class JinjaExpressions
{
    private static readonly HashSet<string> Words = ["and", "or", "not", "if", "else", "in", "is"];

    private JinjaExpression Primary()
    {
        var token = lexer.Next();
        switch (token)
        {
            case { Kind: JinjaTokenKind.Text }:
                var text = token.Text;
                while (lexer.Current.Kind == JinjaTokenKind.Text)
                {
                    text += lexer.Next().Text;
                }

                return _ => TracedText.Own(text);
            case { Kind: JinjaTokenKind.Number }:
                object number =
                    token.Text.Contains('.', StringComparison.Ordinal) ? (object)double.Parse(token.Text, CultureInfo.InvariantCulture)
                    : long.TryParse(token.Text, CultureInfo.InvariantCulture, out var whole) ? whole
                    : throw ChatTemplateException.Failed("a number is too large");
                return _ => number;
            case { Kind: JinjaTokenKind.Name }:
                return Named(token.Text);
            case { Text: "(" }:
                if (lexer.Skip(")"))
                {
                    return _ => new List<object?>();
                }

                var inner = ReadTuple();
                lexer.Expect(")");
                return inner;
            case { Text: "[" }:
                var items = Items("]");
                return scope => items.ConvertAll(item => item(scope));
            case { Text: "{" }:
                return Map();
            default:
                throw ChatTemplateException.Failed(
                    token.Kind == JinjaTokenKind.End ? "an expression ends too early" : $"\"{token.Text}\" begins an expression"
                );
        }
    }

    private static JinjaExpression Named(string name) =>
        name switch
        {
            "true" or "True" => _ => true,
            "false" or "False" => _ => false,
            "none" or "None" => _ => null,
            _ when Words.Contains(name) => throw ChatTemplateException.Failed($"\"{name}\" begins an expression"),
            _ => scope => scope[name],
        };

    private JinjaExpression Behind(JinjaExpression value)
    {
        while (true)
        {
            if (lexer.Skip("."))
            {
                var (of, name) = (value, lexer.Current.Kind == JinjaTokenKind.Number ? lexer.Next().Text : lexer.Name());
                value = scope => JinjaValues.Attribute(scope.Budget.Walked(of(scope)), name);
            }
            else if (lexer.Skip("["))
            {
                value = Subscript(value);
            }
            else if (lexer.Is("("))
            {
                var (called, arguments) = (value, Arguments());
                value = scope =>
                    called(scope) is JinjaFunction function
                        ? scope.Budget.Made(scope.Budget.Inside(() => function(arguments(scope))))
                        : throw ChatTemplateException.Failed("what is no function is called");
            }
            else
            {
                return Counted(value);
            }
        }
    }

    private JinjaExpression Filtered(JinjaExpression value)
    {
        while (true)
        {
            if (lexer.Skip("|"))
            {
                value = Filter(value);
            }
            else if (lexer.Skip("is"))
            {
                value = Test(value);
            }
            else
            {
                return value;
            }
        }
    }

    private JinjaExpression Test(JinjaExpression value)
    {
        var turned = lexer.Skip("not");
        var name = lexer.Name();
        Func<JinjaScope, JinjaArguments> arguments = NoArguments;
        if (lexer.Is("("))
        {
            arguments = Arguments();
        }
        else if (
            lexer.Current.Kind is JinjaTokenKind.Text or JinjaTokenKind.Number
            || (lexer.Current.Kind == JinjaTokenKind.Name && !Words.Contains(lexer.Current.Text))
        )
        {
            var argument = Behind(Primary());
            arguments = scope => new JinjaArguments([argument(scope)], JinjaArguments.None.Names);
        }

        return scope => JinjaTests.Holds(name, value(scope), arguments(scope)) != turned;
    }

    private JinjaExpression Subscript(JinjaExpression of)
    {
        var bounds = new JinjaExpression?[3];
        var colons = 0;
        while (!lexer.Is("]") && colons < 3)
        {
            if (lexer.Skip(":"))
            {
                colons++;
                continue;
            }

            bounds[colons] = Read();
        }

        lexer.Expect("]");
        if (colons == 0)
        {
            var key = bounds[0] ?? throw ChatTemplateException.Failed("a subscript is empty");
            return scope => JinjaValues.Item(of(scope), key(scope));
        }

        return scope =>
            scope.Budget.Made(JinjaValues.Slice(of(scope), Bound(bounds[0], scope), Bound(bounds[1], scope), Bound(bounds[2], scope)));

        static long? Bound(JinjaExpression? bound, JinjaScope scope) => bound?.Invoke(scope) is { } value ? JinjaValues.Whole(value) : null;
    }

    private List<JinjaExpression> Items(string end)
    {
        List<JinjaExpression> items = [];
        while (!lexer.Skip(end))
        {
            items.Add(Read());
            if (!lexer.Skip(","))
            {
                lexer.Expect(end);
                break;
            }
        }

        return items;
    }

    private JinjaExpression Map()
    {
        List<(JinjaExpression Key, JinjaExpression Value)> entries = [];
        while (!lexer.Skip("}"))
        {
            var key = Read();
            lexer.Expect(":");
            entries.Add((key, Read()));
            if (!lexer.Skip(","))
            {
                lexer.Expect("}");
                break;
            }
        }

        return scope =>
        {
            var map = new JinjaMap();
            foreach (var (key, value) in entries)
            {
                map[JinjaValues.Text(key(scope)).Text] = value(scope);
            }

            return map;
        };
    }

    private Func<JinjaScope, JinjaArguments> Arguments()
    {
        lexer.Expect("(");
        List<JinjaExpression> places = [];
        List<(string Name, JinjaExpression Value)> names = [];
        while (!lexer.Skip(")"))
        {
            if (lexer.Current.Kind == JinjaTokenKind.Name && lexer.Peek(1) is { Kind: JinjaTokenKind.Operator, Text: "=" })
            {
                var name = lexer.Name();
                lexer.Expect("=");
                names.Add((name, Read()));
            }
            else if (lexer.Is("*") || lexer.Is("**"))
            {
                throw ChatTemplateException.Unsupported("\"*\" in a call");
            }
            else
            {
                places.Add(Read());
            }

            if (!lexer.Skip(","))
            {
                lexer.Expect(")");
                break;
            }
        }

        return scope =>
        {
            var named = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var (name, value) in names)
            {
                named[name] = value(scope);
            }

            return new JinjaArguments(places.ConvertAll(place => place(scope)), named);
        };
    }
}
