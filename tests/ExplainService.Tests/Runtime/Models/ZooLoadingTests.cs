using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Every model of the zoo in every export, from its folder to logits.</summary>
[Slow]
public sealed class ZooLoadingTests(ZooLoadingTests.Zoo zoo) : IClassFixture<ZooLoadingTests.Zoo>
{
    /// <summary>Exports whose arithmetic is not that of float32: another function, near the base's.</summary>
    private static readonly string[] Rounded = ["fp16", "int8", "q4"];

    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateDirectories(ReferenceData.PathOf("zoo"))
                .Select(folder => Path.GetFileName(folder)!)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Logits_are_PyTorch_s(string name)
    {
        var model = await zoo.Registry.GetAsync(name, CancellationToken.None);
        using var golden = ReferenceData.Json("zoo", name.Split('.')[0], "golden.json");
        foreach (var example in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var outputs = example.GetProperty("outputs");
            var position = outputs.TryGetProperty("logits_at_target", out _)
                ? example.GetProperty("target").GetProperty("position").GetInt32()
                : (int?)null;
            var rows = Rows(example.GetProperty("inputs"), model.Description.Task, position);
            var expected = Expected(outputs, rows, model.Description.Task);
            var actual = await model.Runner.PredictAsync(rows, new WorkOptions(), CancellationToken.None).ToListAsync();
            for (var row = 0; row < rows.Count; row++)
            {
                Compare(name, expected[row], actual[row].Values);
            }
        }
    }

    [Fact]
    public async Task Segments_have_no_limit_where_the_graph_takes_none()
    {
        // DeBERTa's type_vocab_size is 0, and its tokenizer numbers the segments of a pair all the same.
        var runner = (await zoo.Registry.GetAsync("deberta-cls", CancellationToken.None)).Runner;
        var rows = new[]
        {
            new TokenRow { Ids = [1, 7, 2, 9, 2] },
            new TokenRow { Ids = [1, 7, 2, 9, 2], TypeIds = [0, 0, 0, 1, 1] },
        };
        var logits = await runner.PredictAsync(rows, new WorkOptions(), CancellationToken.None).ToListAsync();
        Assert.All(logits[0].Values.Zip(logits[1].Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static void Compare(string name, float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        if (Rounded.Contains(name.Split('.')[^1]))
        {
            Assert.All(actual, value => Assert.True(float.IsFinite(value)));
            var scale = expected.Max(Math.Abs);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.5 * scale));
            return;
        }

        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4);
        }
    }

    /// <summary>The rows without their padding; language models are read at one position, which the row must have.</summary>
    private static List<TokenRow> Rows(JsonElement inputs, ModelTask task, int? position)
    {
        var ids = inputs.GetProperty("input_ids").Deserialize<int[][]>()!;
        var mask = inputs.GetProperty("attention_mask").Deserialize<int[][]>()!;
        var types = inputs.TryGetProperty("token_type_ids", out var given) ? given.Deserialize<int[][]>() : null;
        var decoder = inputs.TryGetProperty("decoder_input_ids", out var target) ? target.Deserialize<int[][]>() : null;
        var rows = new List<TokenRow>();
        for (var row = 0; row < ids.Length; row++)
        {
            int[] reads =
                task is ModelTask.TextClassification or ModelTask.QuestionAnswering ? []
                : position is { } read ? [read]
                : [.. Enumerable.Range(0, mask[row].Sum())];
            int[] kept = [.. Enumerable.Range(0, ids[row].Length).Where(i => mask[row][i] == 1)];
            rows.Add(
                new TokenRow
                {
                    Ids = [.. kept.Select(i => ids[row][i])],
                    TypeIds = types is null ? [] : [.. kept.Select(i => types[row][i])],
                    DecoderIds = decoder?[row] ?? [],
                    OutputPositions = reads,
                }
            );
        }

        return
        [
            .. rows.TakeWhile(row => row.OutputPositions.All(read => read < (decoder is null ? row.Ids.Length : row.DecoderIds.Length))),
        ];
    }

    private static List<float[]> Expected(JsonElement outputs, List<TokenRow> rows, ModelTask task)
    {
        if (task == ModelTask.TextClassification)
        {
            return [.. outputs.GetProperty("logits").Deserialize<float[][]>()!];
        }

        if (task == ModelTask.QuestionAnswering)
        {
            var (starts, ends) = (
                outputs.GetProperty("start_logits").Deserialize<float[][]>()!,
                outputs.GetProperty("end_logits").Deserialize<float[][]>()!
            );
            return [.. rows.Select((row, i) => starts[i].Take(row.Ids.Length).Concat(ends[i].Take(row.Ids.Length)).ToArray())];
        }

        if (outputs.TryGetProperty("logits_at_target", out var atTarget))
        {
            return [.. atTarget.Deserialize<float[][]>()!];
        }

        var logits = outputs.GetProperty("logits").Deserialize<float[][][]>()!;
        return [.. rows.Select((row, i) => logits[i].Take(row.Ids.Length).SelectMany(line => line).ToArray())];
    }

    public sealed class Zoo : IAsyncDisposable
    {
        public ModelRegistry Registry { get; } =
            new(
                new ModelOptions { PrepareForms = false, Directory = ReferenceData.PathOf("zoo") },
                new RuntimeOptions { TokenBudget = 256 },
                new FakeTimeProvider()
            );

        public ValueTask DisposeAsync() => Registry.DisposeAsync();
    }
}
