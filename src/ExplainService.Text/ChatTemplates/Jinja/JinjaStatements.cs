namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>What becomes of the loop around a statement.</summary>
internal enum JinjaFlow
{
    /// <summary>It goes on.</summary>
    On,

    /// <summary>With its next item.</summary>
    Continue,

    /// <summary>It ends.</summary>
    Break,
}

/// <summary>A statement that has been read: writes what it has to write.</summary>
internal delegate JinjaFlow JinjaStatement(JinjaScope scope, TracedBuilder output);

/// <summary>Reads the blocks of a template.</summary>
internal sealed class JinjaStatements(IReadOnlyList<JinjaSegment> segments)
{
    private const int MaxDepth = 60;

    /// <summary>What a block holds, where a filter is applied to it: no name of a template.</summary>
    private const string Held = "\0";

    private int at;
    private int depth;

    /// <summary>The whole template.</summary>
    public JinjaStatement ReadAll()
    {
        var (body, end) = Body();
        return end is null ? body : throw ChatTemplateException.Failed($"\"{end.Current.Text}\" closes nothing");
    }

    /// <summary>Statements up to a block that is none of theirs, of which the first word is left to be read; null: the end.</summary>
    private (JinjaStatement Body, JinjaLexer? End) Body()
    {
        if (++depth > MaxDepth)
        {
            throw ChatTemplateException.TooMuch($"nests blocks {MaxDepth} deep");
        }

        List<JinjaStatement> statements = [];
        JinjaLexer? end = null;
        while (at < segments.Count && end is null)
        {
            var segment = segments[at++];
            switch (segment.Kind)
            {
                case JinjaSegmentKind.Text:
                    var text = TracedText.Own(segment.Source);
                    statements.Add((_, output) => Written(output, text));
                    break;
                case JinjaSegmentKind.Output:
                    var value = Whole(new JinjaLexer(segment.Source), lexer => new JinjaExpressions(lexer).ReadTuple());
                    statements.Add((scope, output) => Written(output, scope.Budget.Made(JinjaValues.Text(value(scope)))));
                    break;
                default:
                    var block = new JinjaLexer(segment.Source);
                    if (IsEnd(block))
                    {
                        end = block;
                        break;
                    }

                    statements.Add(Block(block));
                    break;
            }
        }

        depth--;
        return (Sequence(statements), end);
    }

    private static bool IsEnd(JinjaLexer block) =>
        block.Current is { Kind: JinjaTokenKind.Name, Text: "elif" or "else" }
        || (block.Current.Kind == JinjaTokenKind.Name && block.Current.Text.StartsWith("end", StringComparison.Ordinal));

    private static JinjaFlow Written(TracedBuilder output, TracedText text)
    {
        output.Add(text);
        return JinjaFlow.On;
    }

    private static JinjaStatement Sequence(List<JinjaStatement> statements) =>
        (scope, output) =>
        {
            foreach (var statement in statements)
            {
                scope.Budget.Step();
                if (statement(scope, output) is not JinjaFlow.On and var flow)
                {
                    return flow;
                }
            }

            return JinjaFlow.On;
        };

    private JinjaStatement Block(JinjaLexer block)
    {
        var word = block.Name();
        return word switch
        {
            "if" => If(block),
            "for" => For(block),
            "set" => Set(block),
            "macro" => Macro(block),
            "generation" => Inside(block, "endgeneration"),
            "filter" => Filter(block),
            "break" => Whole<JinjaStatement>(block, _ => (_, _) => JinjaFlow.Break),
            "continue" => Whole<JinjaStatement>(block, _ => (_, _) => JinjaFlow.Continue),
            _ => throw ChatTemplateException.Unsupported($"the block \"{word}\""),
        };
    }

    private JinjaStatement If(JinjaLexer block)
    {
        List<(JinjaExpression? Condition, JinjaStatement Body)> branches = [];
        JinjaExpression? condition = Whole(block, lexer => new JinjaExpressions(lexer).ReadTuple());
        while (true)
        {
            var (body, end) = Body();
            branches.Add((condition, body));
            if (end?.Skip("elif") == true)
            {
                condition = Whole(end, lexer => new JinjaExpressions(lexer).ReadTuple());
            }
            else if (end?.Skip("else") == true)
            {
                condition = null;
            }
            else
            {
                Ends(end, "endif");
                break;
            }
        }

        return (scope, output) =>
        {
            foreach (var (test, body) in branches)
            {
                if (test is null || JinjaValues.IsTrue(test(scope)))
                {
                    return body(scope, output);
                }
            }

            return JinjaFlow.On;
        };
    }

    private JinjaStatement For(JinjaLexer block)
    {
        var expressions = new JinjaExpressions(block);
        var names = expressions.Targets();
        block.Expect("in");
        var source = expressions.Or();
        var condition = block.Skip("if") ? expressions.Read() : null;
        if (block.Is("recursive"))
        {
            throw ChatTemplateException.Unsupported("recursive loops");
        }

        Whole(block, _ => 0);
        var (body, end) = Body();
        JinjaStatement? otherwise = null;
        if (end?.Skip("else") == true)
        {
            (otherwise, end) = Body();
        }

        Ends(end, "endfor");
        return (scope, output) =>
        {
            var items = scope.Budget.Made(JinjaValues.Items(source(scope)));
            if (condition is not null)
            {
                items = items.FindAll(item =>
                {
                    var inner = scope.Inner();
                    Assign(inner, names, item);
                    return JinjaValues.IsTrue(condition(inner));
                });
            }

            for (var index = 0; index < items.Count; index++)
            {
                var inner = scope.Inner();
                Assign(inner, names, items[index]);
                inner["loop"] = Loop(items, index);
                if (body(inner, output) == JinjaFlow.Break)
                {
                    break;
                }
            }

            return items.Count == 0 && otherwise is not null ? otherwise(scope, output) : JinjaFlow.On;
        };
    }

    private static JinjaMap Loop(List<object?> items, int index) =>
        new()
        {
            ["index"] = index + 1L,
            ["index0"] = (long)index,
            ["revindex"] = (long)items.Count - index,
            ["revindex0"] = items.Count - 1L - index,
            ["first"] = index == 0,
            ["last"] = index == items.Count - 1,
            ["length"] = (long)items.Count,
            ["previtem"] = index > 0 ? items[index - 1] : JinjaUndefined.Of("previtem"),
            ["nextitem"] = index < items.Count - 1 ? items[index + 1] : JinjaUndefined.Of("nextitem"),
            ["cycle"] = (JinjaFunction)(arguments => arguments.Places.Count == 0 ? null : arguments.Places[index % arguments.Places.Count]),
        };

    private static void Assign(JinjaScope scope, List<string> names, object? value)
    {
        if (names.Count == 1)
        {
            scope[names[0]] = value;
            return;
        }

        var parts = JinjaValues.Items(value);
        if (parts.Count != names.Count)
        {
            throw ChatTemplateException.Failed($"{parts.Count} values are given to {names.Count} names");
        }

        foreach (var (name, part) in names.Zip(parts))
        {
            scope[name] = part;
        }
    }

    private JinjaStatement Set(JinjaLexer block)
    {
        if (block.Peek(1) is { Kind: JinjaTokenKind.Operator, Text: "." })
        {
            var (space, name) = (block.Name(), Field(block));
            block.Expect("=");
            var given = Whole(block, lexer => new JinjaExpressions(lexer).ReadTuple());
            return (scope, _) =>
            {
                var target =
                    scope[space] as JinjaNamespace ?? throw ChatTemplateException.Failed($"\"{space}\" is no namespace and is set");
                target[name] = given(scope);
                return JinjaFlow.On;
            };
        }

        var expressions = new JinjaExpressions(block);
        var names = expressions.Targets();
        if (block.Skip("="))
        {
            var value = Whole(block, _ => expressions.ReadTuple());
            return (scope, _) =>
            {
                Assign(scope, names, value(scope));
                return JinjaFlow.On;
            };
        }

        JinjaExpression written = scope => scope[Held];
        while (block.Skip("|"))
        {
            written = expressions.Filter(written);
        }

        var inside = Inside(block, "endset");
        return (scope, _) =>
        {
            var inner = scope.Inner();
            inner[Held] = Captured(inside, inner);
            Assign(scope, names, written(inner));
            return JinjaFlow.On;
        };

        static string Field(JinjaLexer lexer)
        {
            lexer.Expect(".");
            return lexer.Name();
        }
    }

    private JinjaStatement Filter(JinjaLexer block)
    {
        var expressions = new JinjaExpressions(block);
        var filtered = expressions.Filter(scope => scope[Held]);
        while (block.Skip("|"))
        {
            filtered = expressions.Filter(filtered);
        }

        var inside = Inside(block, "endfilter");
        return (scope, output) =>
        {
            var inner = scope.Inner();
            inner[Held] = Captured(inside, inner);
            return Written(output, JinjaValues.Text(filtered(inner)));
        };
    }

    private JinjaStatement Macro(JinjaLexer block)
    {
        var name = block.Name();
        List<(string Name, JinjaExpression? Otherwise)> parameters = [];
        block.Expect("(");
        while (!block.Skip(")"))
        {
            parameters.Add((block.Name(), block.Skip("=") ? new JinjaExpressions(block).Read() : null));
            if (!block.Skip(","))
            {
                block.Expect(")");
                break;
            }
        }

        var body = Inside(block, "endmacro");
        return (scope, _) =>
        {
            scope[name] = (JinjaFunction)(
                arguments =>
                {
                    var inner = scope.Inner();
                    foreach (var (index, (parameter, otherwise)) in parameters.Index())
                    {
                        inner[parameter] =
                            index < arguments.Places.Count || arguments.Names.ContainsKey(parameter) ? arguments.Get(index, parameter)
                            : otherwise is null ? JinjaUndefined.Of(parameter)
                            : otherwise(inner);
                    }

                    return Captured(body, inner);
                }
            );
            return JinjaFlow.On;
        };
    }

    private static TracedText Captured(JinjaStatement body, JinjaScope scope)
    {
        var written = new TracedBuilder();
        body(scope, written);
        return scope.Budget.Made(written.ToText());
    }

    /// <summary>What stands between a block and the one that ends it.</summary>
    private JinjaStatement Inside(JinjaLexer block, string word)
    {
        Whole(block, _ => 0);
        var (body, end) = Body();
        Ends(end, word);
        return body;
    }

    private static void Ends(JinjaLexer? end, string word)
    {
        if (end is null)
        {
            throw ChatTemplateException.Failed($"\"{word}\" is missing");
        }

        end.Expect(word);
    }

    /// <summary>Reads to the end of a block, which must be there.</summary>
    private static T Whole<T>(JinjaLexer block, Func<JinjaLexer, T> read)
    {
        var value = read(block);
        return block.AtEnd ? value : throw ChatTemplateException.Failed($"\"{block.Current.Text}\" stands where nothing more is expected");
    }
}
