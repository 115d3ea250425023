using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>
/// Encoder and decoder, in one file or in two, with or without a cache: attention and gradients of both stacks against PyTorch's.
/// </summary>
public sealed class Seq2SeqTests(ZooLoadingTests.Zoo zoo) : IClassFixture<ZooLoadingTests.Zoo>
{
    public static TheoryData<string> Names => ["t5-s2s", "t5-s2s.dynamo", "t5-s2s.past", "bart-s2s"];

    [Theory]
    [Slow]
    [MemberData(nameof(Names))]
    public async Task Attention_maps_of_both_stacks_and_between_them_are_those_of_PyTorch(string name)
    {
        var runner = (await zoo.Registry.GetAsync(name, CancellationToken.None)).Runner;
        foreach (var (row, _, item, number) in Cases(name))
        {
            foreach (
                var (kind, field) in new[]
                {
                    (AttentionKind.Self, "encoder_attentions"),
                    (AttentionKind.Decoder, "decoder_attentions"),
                    (AttentionKind.Cross, "cross_attentions"),
                }
            )
            {
                var expected = item.GetProperty(field).Deserialize<float[][][][][]>()!;
                var maps = await runner.TapAsync([row], new AttentionTap(kind), new WorkOptions(), CancellationToken.None).SingleAsync();
                Assert.Equal(expected.Length, maps.Values.Length);
                for (var layer = 0; layer < expected.Length; layer++)
                {
                    for (var head = 0; head < expected[layer][number].Length; head++)
                    {
                        var lines = expected[layer][number][head].Take(maps.Queries).SelectMany(line => line.Take(maps.Keys)).ToArray();
                        Close(lines, maps.Values[layer][head], 1e-4);
                    }
                }
            }
        }
    }

    [Theory]
    [Slow]
    [MemberData(nameof(Names))]
    public async Task Gradients_of_both_embeddings_are_those_of_PyTorch(string name)
    {
        var runner = (await zoo.Registry.GetAsync(name, CancellationToken.None)).Runner;
        var size = runner.Model.EmbeddingSize;
        foreach (var (row, token, item, number) in Cases(name))
        {
            var spec = new GradientSpec(Objective.LogProbability, Link.Softmax);
            var result = await runner
                .GradientAsync([new GradientRow(row, [token])], spec, new WorkOptions(), CancellationToken.None)
                .SingleAsync();
            Assert.Equal(item.GetProperty("score")[number].GetSingle(), result.Score, 1e-4);
            var blocks = item.GetProperty("gradient").Deserialize<float[][][][]>()!;
            var source = blocks[0][number].Take(row.Ids.Length).SelectMany(line => line).ToArray();
            var target = blocks[1][number].SelectMany(line => line).ToArray();
            Close(source, result.Gradient, 1e-3 * source.Max(Math.Abs));
            Close(target, result.DecoderGradient, 1e-3 * target.Max(Math.Abs));
            Assert.Equal(row.DecoderIds.Length * size, result.DecoderGradient.Length);
        }
    }

    private static IEnumerable<(TokenRow Row, int Token, JsonElement Item, int Number)> Cases(string name)
    {
        using var golden = ReferenceData.Json("zoo", name.Split('.')[0], "golden.json");
        foreach (var item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var inputs = item.GetProperty("inputs");
            var target = item.GetProperty("target");
            var mask = inputs.GetProperty("attention_mask").Deserialize<int[][]>()!;
            for (var number = 0; number < mask.Length; number++)
            {
                var row = new TokenRow
                {
                    Ids = [.. inputs.GetProperty("input_ids")[number].Deserialize<int[]>()!.Take(mask[number].Sum())],
                    DecoderIds = inputs.GetProperty("decoder_input_ids")[number].Deserialize<int[]>()!,
                    OutputPositions = [target.GetProperty("position").GetInt32()],
                };
                yield return (row, target.GetProperty("token_id").GetInt32(), item, number);
            }
        }
    }

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
