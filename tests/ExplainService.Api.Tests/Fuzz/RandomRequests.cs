using System.Text.Json.Nodes;
using ExplainService.Methods;
using ExplainService.Methods.Numerics;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>Requests to the black-box endpoints with any of their options, of which some are right and some are not.</summary>
internal sealed class RandomRequests(long seed)
{
    private static readonly string[] Paths =
    [
        .. MethodCatalog.Default.Methods.Where(method => method is { Perturbs: true, ScoresParts: true }).Select(method => method.Path),
    ];
    private static readonly string[] Granularities = ["token", "word", "sentence", "paragraph"];
    private static readonly string[] Algorithms = ["auto", "exact", "kernel", "permutation", "partition"];
    private static readonly string[] Replacements = ["mask", "pad", "delete"];
    private static readonly double[] Odd = [0, -1, 1, 2, 3, 0.5, -0.0, 1e-300, 1e300, int.MaxValue, int.MinValue, 4294967296];

    private readonly SeededRandom random = new(seed);

    /// <summary>An endpoint and the body of a request to it.</summary>
    public (string Path, string Body) Next()
    {
        var texts = new RandomTexts(random);
        var path = Paths[random.Next(Paths.Length)];
        var text = texts.Next(random.Next(200) == 0 ? 400 : 10);
        var body = new JsonObject { ["text"] = text };
        Maybe(6, () => body["pair"] = texts.Next(6));
        Maybe(3, () => body["granularity"] = Granularity());
        Maybe(4, () => body["spans"] = Spans(text));
        Maybe(3, () => body["offset_unit"] = random.Next(2) == 0 ? "codepoint" : "utf16");
        Maybe(3, () => body["overflow"] = Pick("error", "truncate", "window"));
        Maybe(body["overflow"]?.GetValue<string>() == "window" ? 2 : 100, () => body["window_reduction"] = Pick("mean", "max"));
        Maybe(3, () => body["objective"] = Pick("probability", "logit", "log_probability"));
        Maybe(4, () => body["target"] = Target());
        Maybe(4, () => body["seed"] = Number());
        Maybe(12, () => body["deadline_ms"] = random.Next(4) == 0 ? Number() : JsonValue.Create(1 + random.Next(200)));
        Maybe(30, () => body["precision"] = Pick("exact", "fast"));
        Maybe(60, () => body[Pick("txt", "Samples", "maxEvaluations")] = 1);
        switch (path)
        {
            case "/occlusion":
                Maybe(3, () => body["replacement"] = Replacement(texts));
                Maybe(3, () => body["window"] = Small());
                Maybe(3, () => body["stride"] = Small());
                break;
            case "/permutation":
                body["samples"] = Small();
                Maybe(
                    3,
                    () =>
                        body["background"] = new JsonArray([
                            .. Enumerable.Range(0, random.Next(4)).Select(_ => JsonValue.Create(texts.Next(4))),
                        ])
                );
                break;
            case "/shap":
                body["max_evaluations"] = random.Next(6) == 0 ? Number() : JsonValue.Create(2 + random.Next(40));
                Maybe(3, () => body["algorithm"] = Pick(Algorithms));
                Maybe(3, () => body["replacement"] = Replacement(texts));
                Maybe(4, () => body["interactions"] = random.Next(2) == 0);
                Maybe(5, () => body["tolerance"] = Number());
                break;
            case "/lime":
                body["samples"] = random.Next(6) == 0 ? Small() : JsonValue.Create(2 + random.Next(40));
                Maybe(5, () => body["kernel_width"] = Number());
                Maybe(5, () => body["alpha"] = Number());
                Maybe(4, () => body["features"] = Small());
                Maybe(3, () => body["replacement"] = Replacement(texts));
                break;
        }

        return (path, body.ToJsonString());
    }

    private void Maybe(int oneIn, Action set)
    {
        if (random.Next(oneIn) == 0)
        {
            set();
        }
    }

    private string Pick(params string[] names) => names[random.Next(names.Length)];

    private JsonValue Number() =>
        Odd[random.Next(Odd.Length)] is var number && number == Math.Truncate(number) && Math.Abs(number) < 1e15
            ? JsonValue.Create((long)number)
            : JsonValue.Create(number);

    private JsonValue Small() => random.Next(6) == 0 ? Number() : JsonValue.Create(1 + random.Next(5));

    private JsonNode Granularity() =>
        random.Next(3) > 0
            ? JsonValue.Create(Pick(Granularities))
            : new JsonArray([
                .. Enumerable
                    .Range(0, random.Next(4))
                    .Select(_ => JsonValue.Create(Pick(Granularities)))
                    .OrderBy(name => random.Next(4) == 0 ? 0 : -Array.IndexOf(Granularities, name.GetValue<string>())),
            ]);

    private JsonArray Spans(string text)
    {
        var cuts = Enumerable.Range(0, 2 * random.Next(5)).Select(_ => random.Next(text.Length + 2)).Order().ToArray();
        var spans = new JsonArray([.. cuts.Chunk(2).Select(cut => new JsonArray(cut[0], cut[1]))]);
        Maybe(8, () => spans.Add(new JsonArray(Number(), Number())));
        Maybe(20, () => spans.Add(new JsonArray(1)));
        return spans;
    }

    private JsonObject Target() =>
        random.Next(6) switch
        {
            0 => new JsonObject { ["label"] = Pick("positive", "Negative", "neither", "") },
            1 => new JsonObject { ["label"] = Number() },
            2 => new JsonObject { ["labels"] = "all" },
            3 => new JsonObject { ["labels"] = Pick("all", "some") },
            4 => new JsonObject { ["token"] = Number() },
            _ => new JsonObject { ["label"] = 0, ["labels"] = "all" },
        };

    private JsonNode Replacement(RandomTexts texts) =>
        random.Next(3) > 0 ? JsonValue.Create(Pick(Replacements)) : new JsonObject { ["text"] = random.Next(4) == 0 ? "" : texts.Next(3) };
}
