using System.Text.Json;

namespace ExplainService.Api.Tests.Jobs;

/// <summary>Kind <c>neurons</c>: what raises neurons over a file.</summary>
public sealed class JobNeuronTests(JobsService service) : IClassFixture<JobsService>
{
    private const int Rows = 150;
    private const double Rounding = 2e-4;

    private static readonly object[] Neurons = [new { layer = 0, neuron = 3 }, new { layer = 1, neuron = 700 }];

    [Fact]
    public async Task Meanings_are_those_of_a_corpus_of_the_same_texts()
    {
        var id = await service.RunJobAsync(new { kind = "neurons", request = new { neurons = Neurons, top_k = 6 } }, Rows);
        var summary = await service.Client.SummaryAsync(id);
        var expected = await service.AskAsync(
            "/neurons",
            new
            {
                text = "good",
                neurons = Neurons,
                corpus = AskingForJobs.Texts(Rows),
                top_k = 6,
            }
        );

        var meanings = summary.GetProperty("meanings").EnumerateArray().ToArray();
        Assert.Equal(2, meanings.Length);
        foreach (var (meaning, other) in meanings.Zip(expected.GetProperty("meanings").EnumerateArray()))
        {
            Assert.Equal(other.GetProperty("neuron").GetInt32(), meaning.GetProperty("neuron").GetInt32());
            Same(other, meaning, "examples", ["sentence", "token"], ["activation", "start", "end"]);
            Same(other, meaning, "words", ["word"], ["count", "with", "without"]);
            Same(other, meaning, "labels", ["label"], ["index", "correlation"]);
            Assert.Equal(
                Elements(other, "examples").Select(example => example.GetProperty("text").GetInt32() + 1),
                Elements(meaning, "examples").Select(example => example.GetProperty("text").GetInt32())
            );
        }

        Assert.True(summary.GetProperty("performance").GetProperty("rows").GetInt32() == Rows);
    }

    [Theory]
    [InlineData("""{}""", "request.neurons")]
    [InlineData("""{"neurons": [{"layer": 0, "neuron": 1}], "corpus": ["a"]}""", "request.corpus")]
    public async Task Neurons_must_be_named_and_the_corpus_is_the_file(string request, string field) =>
        Assert.Contains(
            field,
            await service.RefusedFieldsAsync("/jobs", $$"""{"kind": "neurons", "input": {"texts": ["a"]}, "request": {{request}}}""", 400)
        );

    private static void Same(JsonElement expected, JsonElement actual, string list, string[] texts, string[] numbers)
    {
        Assert.Equal(Elements(expected, list).Length, Elements(actual, list).Length);
        foreach (var (one, other) in Elements(expected, list).Zip(Elements(actual, list)))
        {
            Assert.All(texts, name => Assert.Equal(one.GetProperty(name).GetString(), other.GetProperty(name).GetString()));
            Assert.All(numbers, name => Assert.Equal(one.GetProperty(name).GetDouble(), other.GetProperty(name).GetDouble(), Rounding));
        }
    }

    private static JsonElement[] Elements(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray()];
}
