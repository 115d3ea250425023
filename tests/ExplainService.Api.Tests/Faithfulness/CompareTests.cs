using System.Net.Http.Json;
using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Numerics;

namespace ExplainService.Api.Tests.Faithfulness;

/// <summary><c>/compare</c> through HTTP, on the bundled classifier.</summary>
public sealed class CompareTests(Service service) : IClassFixture<Service>
{
    private const string Review = "a gripping and funny film without one dull minute";

    /// <summary>Twenty words.</summary>
    private const string Long =
        "although laced with humor and a few fanciful touches the film is a refreshingly serious look at young women today";

    private static readonly object[] Five =
    [
        new { endpoint = "/saliency", method = "input_x_gradient" },
        new { endpoint = "/attention", aggregate = "rollout" },
        new { endpoint = "/occlusion" },
        new { endpoint = "/shap", max_evaluations = 128 },
        new { endpoint = "/lime", samples = 128 },
    ];

    [Fact]
    public async Task Five_methods_cost_little_more_than_their_distinct_texts()
    {
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                text = Long,
                methods = Five,
                random_orders = 5,
            }
        );
        var methods = answer.GetProperty("methods").EnumerateArray().ToArray();
        Assert.Equal(["input_x_gradient", "rollout", "occlusion", "shap", "lime"], methods.Select(Name));

        var distinct = await DistinctAsync();
        Assert.InRange(answer.GetProperty("evaluations").GetInt64(), distinct / 2, (long)(1.2 * distinct));

        // Distinct sets: those of the figures under both replacements, and those that the methods themselves draw.
        async Task<long> DistinctAsync()
        {
            var sets = new HashSet<string>();
            foreach (var explanation in answer.GetProperty("explanations").EnumerateArray())
            {
                var scores = explanation
                    .GetProperty("units")
                    .EnumerateArray()
                    .Select(unit => unit.GetProperty("score").GetDouble())
                    .ToArray();
                var unsigned = explanation.TryGetProperty("unsigned", out var sizes) && sizes.GetBoolean();
                int[] order =
                [
                    .. Enumerable.Range(0, scores.Length).OrderByDescending(unit => unsigned ? Math.Abs(scores[unit]) : scores[unit]),
                ];
                Add(order);
            }

            var random = new SeededRandom(0);
            for (var i = 0; i < 5; i++)
            {
                int[] order = [.. Enumerable.Range(0, 20)];
                random.Shuffle(order.AsSpan());
                Add(order);
            }

            var drawn = 0L;
            foreach (var method in Five)
            {
                var path = method.GetType().GetProperty("endpoint")!.GetValue(method)!.ToString()!;
                var fields = JsonSerializer.SerializeToNode(method)!.AsObject();
                fields.Remove("endpoint");
                fields["text"] = Long;
                drawn += path is "/shap" or "/lime" ? (await service.AskAsync(path, fields)).GetProperty("evaluations").GetInt64() : 0;
            }

            return (2L * sets.Count) + drawn;

            void Add(int[] order)
            {
                for (var k = 0; k <= order.Length; k++)
                {
                    sets.Add(string.Join(',', order[..k].Order()));
                    sets.Add(string.Join(',', order[k..].Order()));
                }
            }
        }
    }

    [Fact]
    public async Task Figures_are_those_of_evaluating_each_method_and_agreement_is_of_their_scores()
    {
        object[] methods = [new { endpoint = "/occlusion", name = "mine" }, new { endpoint = "/saliency", method = "gradient" }];
        var answer = await service.AskAsync("/compare", new { text = Review, methods });
        var own = await service.AskAsync(
            "/evaluate",
            new
            {
                text = Review,
                explanation = methods[0],
                metrics = new[] { "area" },
            }
        );
        var compared = answer.GetProperty("methods")[0];
        Assert.Equal("mine", Name(compared));
        foreach (var replacement in new[] { "mask", "delete" })
        {
            var (one, other) = (Area(compared, replacement), Area(own, replacement));
            Assert.Equal(other.GetProperty("value").GetDouble(), one.GetProperty("value").GetDouble(), 1e-5);
            Assert.Equal(other.GetProperty("z").GetDouble(), one.GetProperty("z").GetDouble(), 1e-3);
        }

        var agreement = answer.GetProperty("agreement");
        Assert.Equal(1, agreement[0][0].GetDouble(), 1e-12);
        Assert.Equal(agreement[0][1].GetDouble(), agreement[1][0].GetDouble(), 1e-12);
        Assert.False(answer.GetProperty("recommendation").GetProperty("significant").GetBoolean());
        Assert.Contains("no significant difference", answer.GetProperty("recommendation").GetProperty("reason").GetString());
        Assert.Equal(2, answer.GetProperty("explanations").GetArrayLength());
    }

    [Fact]
    public async Task Scores_from_elsewhere_stand_among_the_methods_and_their_spans_are_the_units_of_all()
    {
        object[] methods =
        [
            new { endpoint = "/occlusion" },
            new
            {
                scores = new[]
                {
                    new
                    {
                        start = 2,
                        end = 10,
                        score = 1.0,
                    },
                    new
                    {
                        start = 15,
                        end = 25,
                        score = 1.0,
                    },
                },
            },
        ];
        var answer = await service.AskAsync("/compare", new { text = Review, methods });
        Assert.All(
            answer.GetProperty("explanations").EnumerateArray(),
            explanation =>
                Assert.Equal(
                    ["gripping", "funny film"],
                    explanation.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("text").GetString())
                )
        );

        // Scores that are all the same agree with nothing.
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("agreement")[0][1].ValueKind);
    }

    [Fact]
    public async Task Over_texts_figures_are_means_and_a_difference_must_be_more_than_chance()
    {
        string[] texts =
        [
            .. File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv"))
                .Skip(1)
                .Select(line => line.Split('\t')[1].Trim())
                .Where(text => text.Count(character => character == ' ') is >= 4 and <= 6)
                .Take(8),
        ];
        object[] methods =
        [
            new { endpoint = "/occlusion" },
            new { endpoint = "/occlusion", name = "again" },
            new { endpoint = "/attention", aggregate = "rollout" },
        ];
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                texts,
                methods,
                random_orders = 0,
            }
        );
        Assert.Equal(8, answer.GetProperty("texts").GetInt32());
        var areas = new List<double>();
        foreach (var text in texts)
        {
            var one = await service.AskAsync(
                "/compare",
                new
                {
                    text,
                    methods,
                    random_orders = 0,
                }
            );
            areas.Add(Area(one.GetProperty("methods")[0], "mask").GetProperty("value").GetDouble());
        }

        var figure = Area(answer.GetProperty("methods")[0], "mask");
        Assert.Equal(areas.Average(), figure.GetProperty("value").GetDouble(), 1e-4);
        var deviation = Math.Sqrt(areas.Sum(area => Math.Pow(area - areas.Average(), 2)) / 7);
        Assert.Equal(deviation / Math.Sqrt(8), figure.GetProperty("standard_error").GetDouble(), 1e-4);
        var recommendation = answer.GetProperty("recommendation");
        Assert.StartsWith("occlusion", recommendation.GetProperty("name").GetString()!.Replace("again", "occlusion"));
        Assert.False(recommendation.GetProperty("significant").GetBoolean());
        Assert.Contains("no significant difference", recommendation.GetProperty("reason").GetString());
        var differences = answer.GetProperty("differences").EnumerateArray().ToArray();
        Assert.Equal(2, differences.Length);
        Assert.False(answer.TryGetProperty("explanations", out _));
    }

    [Fact]
    public async Task A_client_of_lines_is_told_how_far_it_is()
    {
        string[] answered = await LinesAsync(
            """{"texts": ["not bad", "a dull film"], "methods": [{"endpoint": "/occlusion"}, {"endpoint": "/lime"}], "random_orders": 0}"""
        );
        Assert.Equal(["""{"progress":{"done":1,"of":2}}""", """{"progress":{"done":2,"of":2}}"""], answered[..2]);
        Assert.Equal(2, Asking.Parse(answered[2]).GetProperty("methods").GetArrayLength());

        string[] broken = await LinesAsync("""{"texts": ["not bad", "\u200b"], "random_orders": 0}""");
        Assert.StartsWith("""{"progress":""", broken[0]);
        Assert.Equal(422, Asking.Parse(broken[^1]).GetProperty("status").GetInt32());

        async Task<string[]> LinesAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/compare");
            request.Headers.Accept.ParseAdd("application/x-ndjson");
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await service.Client.SendAsync(request);
            Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
            return (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [Fact]
    public async Task By_default_methods_that_the_model_supports_are_compared()
    {
        var answer = await service.AskAsync("/compare", new { text = "not a bad film", random_orders = 2 });
        Assert.Equal(
            ["integrated_gradients", "cp_lrp", "gradient_relevance", "occlusion", "shap", "lime"],
            answer.GetProperty("methods").EnumerateArray().Select(Name)
        );
    }

    [Fact]
    public async Task A_method_over_the_budget_is_left_out_and_said()
    {
        object[] methods = [new { endpoint = "/occlusion" }, new { endpoint = "/shap", max_evaluations = 500 }];
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                text = Review,
                methods,
                max_evaluations = 200,
            }
        );
        Assert.Equal(["occlusion"], answer.GetProperty("methods").EnumerateArray().Select(Name));
        Assert.Contains("method_left_out", answer.GetProperty("warning_codes").EnumerateArray().Select(code => code.GetString()));
    }

    [Theory]
    [InlineData("""{"text": "good", "methods": [{"endpoint": "/shap"}]}""", 400, "methods")]
    [InlineData(
        """{"text": "good", "methods": [{"endpoint": "/shap", "name": "a"}, {"endpoint": "/lime", "name": "a"}]}""",
        400,
        "methods[0].name"
    )]
    [InlineData("""{"text": "good", "methods": [{"endpoint": "/shap"}, {"endpoint": "/lime", "sample": 3}]}""", 400, "methods[1].sample")]
    [InlineData(
        """{"text": "good", "methods": [{"endpoint": "/shap", "granularity": "word"}, {"scores": [{"start": 0, "end": 4, "score": 1}]}]}""",
        400,
        "granularity"
    )]
    [InlineData("""{"text": "good", "texts": ["bad"]}""", 400, "text")]
    [InlineData("""{"texts": []}""", 400, "texts")]
    [InlineData("""{"texts": ["good", " "]}""", 400, "texts[1]")]
    [InlineData("""{}""", 400, "text")]
    [InlineData(
        """{"texts": ["good"], "methods": [{"endpoint": "/shap"}, {"scores": [{"start": 0, "end": 4, "score": 1}]}]}""",
        400,
        "methods[1].scores"
    )]
    public async Task A_request_that_cannot_be_is_refused_by_its_field(string request, int status, string field) =>
        Assert.Equal([field], await service.RefusedFieldsAsync("/compare", request, status));

    private static string? Name(JsonElement method) => method.GetProperty("name").GetString();

    [Fact]
    public async Task A_figure_that_there_is_room_for_under_one_replacement_alone_is_left_out()
    {
        var words = Review.Split(' ');
        var starts = words.Select((_, at) => words.Take(at).Sum(word => word.Length + 1)).ToArray();
        object Scores(Func<int, int> of) =>
            words.Select(
                (word, at) =>
                    new
                    {
                        start = starts[at],
                        end = starts[at] + word.Length,
                        score = of(at),
                    }
            );

        var answer = await service.AskAsync(
            "/compare",
            new
            {
                text = Review,
                methods = new[]
                {
                    new { name = "forth", scores = Scores(at => at) },
                    new { name = "to and fro", scores = Scores(at => 5 * at % 9) },
                },
                metrics = new[] { "area" },
                max_evaluations = 55,
            }
        );

        var measured = answer
            .GetProperty("methods")
            .EnumerateArray()
            .Where(method => method.GetProperty("metrics").EnumerateObject().Any());
        Assert.Equal(["forth"], measured.Select(Name));
        Assert.Equal(2, measured.Single().GetProperty("metrics").GetProperty("area").EnumerateObject().Count());
        Assert.Equal("forth", answer.GetProperty("recommendation").GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_is_said_twice_alike_is_no_contradiction()
    {
        var answer = await service.AskAsync(
            "/compare",
            new
            {
                text = Review,
                granularity = "word",
                methods = new object[]
                {
                    new { endpoint = "/occlusion", granularity = "word" },
                    new { endpoint = "/saliency", granularity = "word" },
                },
                random_orders = 0,
            }
        );
        Assert.Equal(2, answer.GetProperty("methods").GetArrayLength());
    }

    [Fact]
    public async Task Several_texts_have_a_picture_too()
    {
        using var content = JsonContent.Create(
            new
            {
                texts = new[] { "a good film", "a dull film" },
                methods = new object[] { new { endpoint = "/occlusion" }, new { endpoint = "/saliency" } },
                random_orders = 3,
            }
        );
        using var response = await service.Client.PostAsync(new Uri("/compare?format=svg", UriKind.Relative), content);
        var svg = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, svg);
        Assert.Contains("How faithful explanations are to the model", svg, StringComparison.Ordinal);
    }

    private static JsonElement Area(JsonElement method, string replacement) =>
        method.GetProperty("metrics").GetProperty("area").GetProperty(replacement);
}
