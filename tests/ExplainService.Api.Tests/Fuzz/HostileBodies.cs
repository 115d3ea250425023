using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Faithfulness;
using ExplainService.Methods.Numerics;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>
/// Bodies made from the fields of a request's record, of which any may hold what its type allows, or anything else that JSON can say, and some
/// that it cannot.
/// </summary>
internal sealed class HostileBodies(long seed)
{
    /// <summary>Requests that are about other requests, or about texts that they make.</summary>
    private static readonly string[] Paths = ["/evaluate", "/compare", "/counterfactual"];

    private static readonly string[] Models = ["bert-cls", "bert-ner", "bert-qa", "bert-mlm", "gpt2-lm", "t5-s2s"];

    private static readonly string[] Junk =
    [
        "null",
        "true",
        "0",
        "-1",
        "1e400",
        "-0.0",
        "2147483648",
        "9223372036854775808",
        "1e-320",
        "\"\"",
        "\" \"",
        "\"\\ud83d\"",
        "\"\\u0000\"",
        "\"NaN\"",
        "[]",
        "{}",
        "[null]",
        "[[[[]]]]",
        "[{}]",
        "{\"\": null}",
        "{\"label\": {}}",
        "{\"endpoint\": \"/evaluate\"}",
        "[1, \"a\"]",
    ];

    private readonly SeededRandom random = new(seed);

    /// <summary>One value in so many is none of its type: of a body with many, little but the first is ever read.</summary>
    private int oneInJunk;

    /// <summary>An endpoint and a body.</summary>
    public (string Path, string Body) Next()
    {
        oneInJunk = new[] { 6, 40, 400 }[random.Next(3)];
        var path = Pick(Paths);
        var type = MethodCatalog.Default.Methods.Single(method => method.Path == path).RequestType;
        var model = Pick(Models);
        List<(string Name, string Json)> fields =
        [
            ("model", Quoted(model)),
            ("text", Quoted(model == "bert-mlm" ? "a [MASK] film" : "a good film")),
        ];
        if (model == "bert-qa")
        {
            fields.Add(("pair", Quoted("the film is good")));
        }

        if (type.GetProperty("MaxEvaluations") is not null)
        {
            fields.Add(("max_evaluations", Small(10, 60)));
        }

        if (type.GetProperty("RandomOrders") is not null)
        {
            fields.Add(("random_orders", Small(0, 3)));
        }

        foreach (var property in type.GetProperties().Where(property => property.CanWrite && random.Next(OneIn(property)) == 0))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (random.Next(6) > 0)
            {
                fields.RemoveAll(field => field.Name == name);
            }

            fields.Add((name, Value(property.PropertyType, depth: 0)));
        }

        var body = Object(fields);
        return (path, random.Next(8 * oneInJunk) == 0 ? body[..random.Next(body.Length)] : body);
    }

    /// <summary>How rare a field is: those that most requests have, and those that nearly all values of are wrong for.</summary>
    private static int OneIn(PropertyInfo property) =>
        property.Name switch
        {
            nameof(EvaluateRequest.Explanation) or nameof(CompareRequest.Methods) or nameof(EvaluateRequest.Metrics) => 2,
            nameof(CounterfactualRequest.Method) => 2,
            nameof(TextRequest.Text) or nameof(TextRequest.Model) or nameof(TextRequest.Messages) or nameof(TextRequest.Labels) => 25,
            _ => 16,
        };

    /// <summary>A value of a type, or none of it.</summary>
    private string Value(Type type, int depth)
    {
        if (random.Next(oneInJunk) == 0)
        {
            return Pick(Junk);
        }

        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? Pick("true", "false")
            : type == typeof(int) || type == typeof(long) ? Small(0, 4)
            : type == typeof(double) ? Pick("0", "0.5", "1", "-2.5", "1e-9")
            : type == typeof(string) ? Quoted(Pick("a good film", "good", "bad", "bert-mlm", "👍 film", "[MASK]", "neutral"))
            : type.IsEnum
                ? Quoted(random.Next(4 * oneInJunk) == 0 ? "none" : JsonNamingPolicy.SnakeCaseLower.ConvertName(Pick(Enum.GetNames(type))))
            : type == typeof(ExplanationSource) ? Source(depth)
            : type == typeof(GranularityRequest) ? Pick("\"word\"", "\"token\"", "\"sentence\"", "[\"sentence\", \"word\"]")
            : type == typeof(ReplacementRequest) ? Pick("\"mask\"", "\"pad\"", "\"delete\"", "{\"text\": \"so\"}")
            : type == typeof(BaselineRequest) ? Pick("\"pad\"", "\"zero\"", "{\"text\": \"so\"}", "{\"text\": \"\\ud83d\"}")
            : type == typeof(LabelRequest) ? Pick("0", "1", "\"label_1\"", "\"good\"", "-1", "99")
            : type == typeof(InteractionsRequest) ? Pick("false", "true", "2", "3", "4")
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Choice<>) ? Quoted(Pick([.. Names(type)]))
            : type.IsGenericType && type.GetGenericArguments() is [var item] ? List(item, depth)
            : type.IsClass && depth < 3
                ? Object([
                    .. type.GetProperties()
                        .Where(property => property.CanWrite && random.Next(3) == 0)
                        .Select(property =>
                            (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Value(property.PropertyType, depth + 1))
                        ),
                ])
            : Pick(Junk);
    }

    private string List(Type item, int depth) =>
        item == typeof(int) && random.Next(2) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"[{random.Next(5)}, {random.Next(14)}]")
            : "[" + string.Join(", ", Enumerable.Range(0, ItemsOf(item)).Select(_ => Value(item, depth + 1))) + "]";

    private int ItemsOf(Type item) => item == typeof(ExplanationSource) ? 2 + random.Next(2) : random.Next(4);

    /// <summary>Another endpoint with fields of its own, or scores of words.</summary>
    private string Source(int depth)
    {
        if (random.Next(4) == 0)
        {
            var extra = random.Next(6) == 0 ? ", \"granularity\": \"word\"" : "";
            return $$"""{"scores": [{"start": 0, "end": 1, "score": {{Value(typeof(double), depth)}}}, {"start": 2, "end": {{Small(4, 7)}}, "score": 2}]{{extra}}}""";
        }

        var methods = MethodCatalog.Default.Methods.Where(method => method.ScoresParts || random.Next(10) == 0).ToArray();
        var method = methods[random.Next(methods.Length)];
        List<(string, string)> fields = [("endpoint", Quoted(method.Path))];
        if (method.RequestType.GetProperty("MaxEvaluations") is not null)
        {
            fields.Add(("max_evaluations", Small(4, 20)));
        }

        if (method.RequestType.GetProperty("Samples") is not null)
        {
            fields.Add(("samples", Small(2, 5)));
        }

        foreach (var property in method.RequestType.GetProperties().Where(property => property.CanWrite))
        {
            // What the outer request says is said here too at times.
            if (random.Next(property.DeclaringType == method.RequestType ? 4 : 40) == 0)
            {
                fields.Add((JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Value(property.PropertyType, depth + 1)));
            }
        }

        return Object(random.Next(30) == 0 ? [.. fields, fields[^1]] : fields);
    }

    private static IEnumerable<string> Names(Type choice) =>
        (IReadOnlyList<string>)choice.GetGenericArguments()[0].GetProperty(nameof(IChoices.Names))!.GetValue(null)!;

    private static string Object(IReadOnlyList<(string Name, string Json)> fields)
    {
        var json = new StringBuilder("{");
        foreach (var (index, (name, value)) in fields.Index())
        {
            json.Append(index == 0 ? "" : ", ").Append(Quoted(name)).Append(": ").Append(value);
        }

        return json.Append('}').ToString();
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private string Small(int from, int to) => (from + random.Next(to - from + 1)).ToString(CultureInfo.InvariantCulture);

    private string Pick(params string[] names) => names[random.Next(names.Length)];
}
