namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>Tests: <c>value is name</c>.</summary>
internal static class JinjaTests
{
    /// <summary>Whether a test holds.</summary>
    /// <exception cref="ChatTemplateException">There is no such test.</exception>
    public static bool Holds(string name, object? value, JinjaArguments arguments) =>
        name switch
        {
            "defined" => value is not JinjaUndefined,
            "undefined" => value is JinjaUndefined,
            "none" => value is null,
            "string" => value is TracedText,
            "mapping" => value is JinjaMap,
            "iterable" or "sequence" => value is TracedText or List<object?> or JinjaMap or JinjaUndefined,
            "number" => value is long or double or bool,
            "integer" => value is long,
            "float" => value is double,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "callable" => value is JinjaFunction,
            "odd" => JinjaValues.Whole(value) % 2 != 0,
            "even" => JinjaValues.Whole(value) % 2 == 0,
            "divisibleby" => JinjaValues.Whole(arguments.Get(0, "num")) is not 0 and var by && JinjaValues.Whole(value) % by == 0,
            "eq" or "equalto" or "==" => JinjaValues.AreEqual(value, arguments.Get(0, "other")),
            "ne" or "!=" => !JinjaValues.AreEqual(value, arguments.Get(0, "other")),
            "gt" or "greaterthan" or ">" => JinjaValues.Compare(value, arguments.Get(0, "other")) > 0,
            "ge" or ">=" => JinjaValues.Compare(value, arguments.Get(0, "other")) >= 0,
            "lt" or "lessthan" or "<" => JinjaValues.Compare(value, arguments.Get(0, "other")) < 0,
            "le" or "<=" => JinjaValues.Compare(value, arguments.Get(0, "other")) <= 0,
            "in" => JinjaValues.Contains(arguments.Get(0, "seq"), value),
            "sameas" => value is null or bool or long
                ? Equals(value, arguments.Get(0, "other"))
                : ReferenceEquals(value, arguments.Get(0, "other")),
            "lower" => value is TracedText text && !text.Text.Any(char.IsUpper),
            "upper" => value is TracedText text && !text.Text.Any(char.IsLower),
            _ => throw ChatTemplateException.Unsupported($"the test \"{name}\""),
        };
}
