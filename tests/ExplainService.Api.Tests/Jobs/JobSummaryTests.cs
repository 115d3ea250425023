using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>What all results say together, against the definitions.</summary>
public sealed class JobSummaryTests(JobsService service) : IClassFixture<JobsService>
{
    private const int Rows = 200;
    private const double Rounding = 1e-4;

    [Fact]
    public async Task Performance_is_that_of_the_rows_with_labels()
    {
        var id = await RunAsync(new { kind = "predict" });
        var rows = (await service.Client.ResultsAsync(id)).Select(Read).ToArray();
        var summary = await SummaryAsync(id);

        var performance = summary.GetProperty("performance");
        Assert.Equal(rows.Count(row => row.Label == row.Predicted) / (double)Rows, Number(performance, "accuracy"), Rounding);
        Assert.Equal(rows.Average(row => -Math.Log(row.OfLabel)), Number(performance, "log_loss"), Rounding);
        Assert.Equal(MacroF1([.. rows.Select(row => (row.Label, row.Predicted))]), Number(performance, "macro_f1"), Rounding);
        Assert.Equal(Rows, performance.GetProperty("reliability").EnumerateArray().Sum(bin => bin.GetProperty("rows").GetInt32()));
        Assert.Equal(
            rows.Count(row => row.Predicted == "positive"),
            summary
                .GetProperty("predictions")
                .EnumerateArray()
                .Single(one => Text(one, "label") == "positive")
                .GetProperty("rows")
                .GetInt32()
        );
    }

    [Fact]
    public async Task Words_of_a_label_have_the_mean_of_their_scores_in_the_rows_it_was_explained_of()
    {
        var id = await RunAsync(new { kind = "global", request = new { endpoint = "/occlusion" } });
        var results = await service.Client.ResultsAsync(id);
        var summary = await SummaryAsync(id, "?top=10000");

        foreach (var label in summary.GetProperty("words").EnumerateArray())
        {
            var explained = results.Where(line => Text(line.GetProperty("target"), "label") == Text(label, "label")).ToArray();
            var scores = explained
                .SelectMany(line => line.GetProperty("units").EnumerateArray())
                .ToLookup(unit => Text(unit, "text").ToLowerInvariant(), unit => Number(unit, "score"));
            var words = label.GetProperty("words").EnumerateArray().ToArray();

            Assert.Equal(explained.Length, label.GetProperty("rows").GetInt32());
            Assert.Equal(scores.Select(word => word.Key).Order(), words.Select(word => Text(word, "word")).Order());
            Assert.All(words, word => Assert.Equal(scores[Text(word, "word")].Average(), Number(word, "mean"), 1e-9));
            Assert.All(words, word => Assert.Equal(scores[Text(word, "word")].Average(Math.Abs), Number(word, "mean_absolute"), 1e-9));
        }
    }

    [Fact]
    public async Task Importance_by_exclusion_is_the_drop_of_the_figures_without_the_word()
    {
        var id = await RunAsync(new { kind = "importance", request = new { features = new[] { "film", "funny", "the" }, draws = 2 } });
        var lines = AskingForJobs.Sentences(Rows).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Asking.Parse).ToArray();
        var whole = await PredictAsync([.. lines.Select(line => Text(line, "text"))], lines);
        var summary = await SummaryAsync(id);

        Assert.Equal(
            ["film", "funny", "the"],
            summary.GetProperty("features").EnumerateArray().Select(one => Text(one, "feature")).Order()
        );
        foreach (var feature in summary.GetProperty("features").EnumerateArray())
        {
            var word = new Regex($@"(?<![\w']){Text(feature, "feature")}(?![\w'])\s?", RegexOptions.IgnoreCase);
            var without = await PredictAsync([.. lines.Select(line => word.Replace(Text(line, "text"), ""))], lines);
            var drops = feature.GetProperty("exclusion");

            Assert.Equal(lines.Count(line => word.IsMatch(Text(line, "text"))), feature.GetProperty("documents").GetInt32());
            AssertDrop(drops, "accuracy", whole.Average(Right) - without.Average(Right));
            AssertDrop(drops, "mean_probability", whole.Average(row => row.OfLabel) - without.Average(row => row.OfLabel));
            AssertDrop(drops, "log_loss", without.Average(row => -Math.Log(row.OfLabel)) - whole.Average(row => -Math.Log(row.OfLabel)));
            AssertDrop(drops, "macro_f1", MacroF1([.. whole.Select(Pair)]) - MacroF1([.. without.Select(Pair)]));
            Assert.True(feature.TryGetProperty("permutation", out _));
        }
    }

    [Fact]
    public async Task Importance_by_permutation_is_the_mean_drop_over_draws_of_words_from_the_other_texts()
    {
        const int draws = 3;
        // All other texts are of one word: what is drawn is known, though not how.
        string[] texts = ["a funny film and a funny end", .. Enumerable.Repeat("dull", Rows - 1)];
        var job = new
        {
            kind = "importance",
            input = new { texts },
            request = new { features = new[] { "funny" }, draws },
        };
        var id = (await service.PostJobAsync(job)).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var funny = (await SummaryAsync(id)).GetProperty("features").EnumerateArray().Single();
        var line = (await service.Client.ResultsAsync(id))[0];
        var outcomes = line.GetProperty("features").EnumerateArray().Single().GetProperty("permuted").EnumerateArray().ToArray();
        var changed = await service.AskAsync("/predict", new { text = "a dull film and a dull end" });

        // Without labels of their own rows are measured by what the model says of them.
        var label = Text(line.GetProperty("prediction"), "label");
        var (before, after) = (Read(line.GetProperty("prediction"), label), Read(changed.GetProperty("prediction"), label));
        Assert.Equal(draws, outcomes.Length);
        Assert.All(outcomes, outcome => Assert.Equal(after.OfLabel, Number(outcome, "probability"), Rounding));
        AssertDrop(funny.GetProperty("permutation"), "mean_probability", (before.OfLabel - after.OfLabel) / Rows);
        AssertDrop(funny.GetProperty("permutation"), "accuracy", (Right(before) - Right(after)) / Rows);
        AssertDrop(funny.GetProperty("permutation"), "log_loss", (Math.Log(before.OfLabel) - Math.Log(after.OfLabel)) / Rows);
    }

    [Fact]
    public async Task Importance_of_many_draws_is_what_the_lines_of_the_results_say()
    {
        var id = await RunAsync(new { kind = "importance", request = new { features = new[] { "the", "and" }, draws = 3 } });
        var lines = await service.Client.ResultsAsync(id);
        var rows = lines.Select(Read).ToArray();
        var features = (await SummaryAsync(id)).GetProperty("features").EnumerateArray().ToArray();

        Assert.Equal(2, features.Length);
        foreach (var feature in features)
        {
            var drops = lines
                .Zip(rows)
                .SelectMany(one =>
                    one.First.GetProperty("features")
                        .EnumerateArray()
                        .Where(own => Text(own, "feature") == Text(feature, "feature"))
                        .SelectMany(own => own.GetProperty("permuted").EnumerateArray())
                        .Select(drawn => (one.Second.OfLabel - Number(drawn, "probability")) / 3)
                );
            AssertDrop(feature.GetProperty("permutation"), "mean_probability", drops.Sum() / Rows);
        }
    }

    [Fact]
    public async Task What_a_surrogate_is_said_to_agree_on_are_the_rows_it_was_not_taught()
    {
        var id = await RunAsync(new { kind = "surrogate" });
        var surrogate = (await SummaryAsync(id)).GetProperty("surrogate");
        var lines = (await service.Client.ResultsAsync(id)).Select(line => Text(line.GetProperty("prediction"), "label")).ToArray();
        var (agreed, majority, heldOut) = (new Dictionary<string, int> { ["logistic"] = 0, ["tree"] = 0 }, 0, 0);
        foreach (var (index, text) in AskingForJobs.Texts(Rows).Index().Where(one => IsHeldOut(one.Index + 1)))
        {
            var (_, answer) = await service.PostAsync($"/jobs/{id}/surrogate/predict", new { text });
            heldOut++;
            majority += lines[index] == Text(surrogate.GetProperty("majority"), "label") ? 1 : 0;
            foreach (var kind in agreed.Keys)
            {
                agreed[kind] += Text(answer.GetProperty(kind), "label") == lines[index] ? 1 : 0;
            }
        }

        Assert.Equal(heldOut, surrogate.GetProperty("held_out").GetInt32());
        Assert.Equal((double)majority / heldOut, Number(surrogate.GetProperty("majority"), "agreement"), 1e-9);
        Assert.All(
            agreed,
            one =>
                Assert.Equal((double)one.Value / heldOut, Number(surrogate.GetProperty(one.Key).GetProperty("fidelity"), "agreement"), 1e-9)
        );
    }

    [Fact]
    public async Task Surrogates_agree_with_the_model_beyond_the_majority_and_can_be_asked()
    {
        var id = (await service.Client.PostFileAsync(new { kind = "surrogate" }, AskingForJobs.Sentences(872), "sentences.ndjson")).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var surrogate = (await SummaryAsync(id)).GetProperty("surrogate");
        var (status, answer) = await service.PostAsync($"/jobs/{id}/surrogate/predict", new { text = "a bad , dull and stupid movie" });
        var file = Asking.Parse(await service.Client.GetStringAsync(new Uri($"/jobs/{id}/surrogate", UriKind.Relative)));

        var majority = Number(surrogate.GetProperty("majority"), "agreement");
        var fidelity = Number(surrogate.GetProperty("logistic").GetProperty("fidelity"), "agreement");
        TestContext.Current.SendDiagnosticMessage($"majority {majority:0.000}, surrogate {surrogate.GetRawText()[..600]}");
        Assert.Equal(872, surrogate.GetProperty("taught").GetInt32() + surrogate.GetProperty("held_out").GetInt32());
        // Measured are 20 points; processors round differently, and a row is half a point.
        Assert.True(fidelity >= majority + 0.18, $"{fidelity} against {majority}");
        Assert.True(surrogate.GetProperty("pieces").GetInt32() > 872);
        Assert.Equal((200, "negative"), (status, Text(answer.GetProperty("logistic"), "label")));
        Assert.Equal(1, answer.GetProperty("tree").GetProperty("labels").EnumerateObject().Sum(label => label.Value.GetDouble()), 1e-9);
        Assert.Equal(["negative", "positive"], file.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
    }

    [Fact]
    public async Task Slices_are_told_apart_by_the_callers_column_and_places_by_fifths_of_the_text()
    {
        var file = string.Concat(
            AskingForJobs
                .Sentences(Rows)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select((line, index) => line[..^1] + $",\"month\":{(index % 3 == 0 ? 11 : 12)}}}\n")
        );
        var request = new { endpoint = "/saliency", method = "input_x_gradient" };
        var id = (
            await service.Client.PostFileAsync(
                new
                {
                    kind = "explain",
                    request,
                    columns = new { slice = "month" },
                },
                file,
                "a.ndjson"
            )
        ).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var (summary, lines) = (await SummaryAsync(id), await service.Client.ResultsAsync(id));

        var slices = summary.GetProperty("slices").EnumerateArray().ToArray();
        Assert.Equal(["11", "12"], slices.Select(slice => Text(slice, "value")));
        foreach (var slice in slices)
        {
            var rows = lines.Where(line => Text(line, "slice") == Text(slice, "value")).Select(Read).ToArray();
            Assert.Equal(rows.Length, slice.GetProperty("rows").GetInt32());
            Assert.Equal(rows.Average(Right), Number(slice, "accuracy"), Rounding);
            Assert.Equal(rows.Average(row => row.OfLabel), Number(slice, "mean_probability"), Rounding);
        }

        var shortcuts = summary.GetProperty("shortcuts");
        var places = shortcuts.GetProperty("places").EnumerateArray().ToArray();
        Assert.Equal(1, places.Sum(place => Number(place, "scores")), Rounding);
        Assert.Equal(1, places.Sum(place => Number(place, "units")), Rounding);
        Assert.Equal(lines.Average(ShareOfTheFirstFifth), Number(places[0], "scores"), Rounding);
        Assert.Equal(lines.Average(ShareOfSpecialTokens), Number(shortcuts, "special_tokens"), Rounding);
    }

    [Theory]
    [InlineData("""{"kind": "importance", "input": {"texts": ["a"]}, "request": {"draws": 101}}""", "request.draws")]
    [InlineData("""{"kind": "importance", "input": {"texts": ["a"]}, "request": {"features": ["!"]}}""", "request.features")]
    [InlineData("""{"kind": "surrogate", "input": {"texts": ["a"]}, "request": {"pieces": 101}}""", "request.pieces")]
    [InlineData("""{"kind": "predict", "input": {"texts": ["a"]}, "request": {"pieces": 4}}""", "request.pieces")]
    [InlineData("""{"kind": "global", "input": {"texts": ["a"]}, "request": {"endpoint": "/predict"}}""", "request.endpoint")]
    public async Task Options_that_make_no_sense_are_refused(string job, string field) =>
        Assert.Contains(field, await service.RefusedFieldsAsync("/jobs", job, 400));

    /// <summary>A fifth of the rows, by their numbers as SplitMix64 mixes them (Steele et al. 2014).</summary>
    private static bool IsHeldOut(int row)
    {
        var mixed = unchecked((ulong)row * 0x9E3779B97F4A7C15UL);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL);
        return (mixed ^ (mixed >> 31)) % 5 == 0;
    }

    private static double ShareOfTheFirstFifth(JsonElement line)
    {
        var sizes = line.GetProperty("units").EnumerateArray().Select(unit => Math.Abs(Number(unit, "score"))).ToArray();
        return sizes.Where((_, place) => place * 5 / sizes.Length == 0).Sum() / sizes.Sum();
    }

    private static double ShareOfSpecialTokens(JsonElement line)
    {
        var tokens = line.GetProperty("tokens").EnumerateArray().Where(token => token.TryGetProperty("score", out _)).ToArray();
        var special = tokens.Where(token => token.GetProperty("special").GetBoolean());
        return special.Sum(token => Math.Abs(Number(token, "score"))) / tokens.Sum(token => Math.Abs(Number(token, "score")));
    }

    private static void AssertDrop(JsonElement drops, string figure, double expected)
    {
        var drop = drops.GetProperty(figure);
        Assert.Equal(expected, Number(drop, "value"), Rounding);
        Assert.True(Number(drop, "low") <= Number(drop, "high"));
    }

    private Task<string> RunAsync(object job) => service.RunJobAsync(job, Rows);

    private Task<JsonElement> SummaryAsync(string id, string query = "") => service.Client.SummaryAsync(id, query);

    private async Task<Row[]> PredictAsync(string[] texts, JsonElement[] lines)
    {
        var rows = new List<Row>();
        foreach (var (text, line) in texts.Zip(lines))
        {
            var prediction = (await service.AskAsync("/predict", new { text })).GetProperty("prediction");
            rows.Add(Read(prediction, Text(line, "label")));
        }

        return [.. rows];
    }

    private static Row Read(JsonElement line) => Read(line.GetProperty("prediction"), Text(line, "label"));

    private static Row Read(JsonElement prediction, string label) =>
        new(
            label,
            Text(prediction, "label"),
            prediction
                .GetProperty("labels")
                .EnumerateArray()
                .Where(one => Text(one, "label") == label)
                .Select(one => Number(one, "probability"))
                .Single()
        );

    private static double Right(Row row) => row.Label == row.Predicted ? 1 : 0;

    private static (string, string) Pair(Row row) => (row.Label, row.Predicted);

    private static double MacroF1((string Label, string Predicted)[] rows) =>
        new[] { "negative", "positive" }.Average(label =>
            2.0
            * rows.Count(row => row.Label == label && row.Predicted == label)
            / (rows.Count(row => row.Label == label) + rows.Count(row => row.Predicted == label))
        );

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString()!;

    private static double Number(JsonElement parent, string name) => parent.GetProperty(name).GetDouble();

    private sealed record Row(string Label, string Predicted, double OfLabel);
}
