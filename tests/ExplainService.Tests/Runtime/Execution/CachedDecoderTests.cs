using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using ExplainService.Runtime;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using ExplainService.Tests.Runtime.Models;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

/// <summary>Decoders that remember keys and values give what they give without, in every family and export.</summary>
[Slow]
public sealed class CachedDecoderTests(ZooLoadingTests.Zoo zoo) : IClassFixture<ZooLoadingTests.Zoo>
{
    private static CancellationToken None => CancellationToken.None;

    public static TheoryData<string> Decoders =>
        [
            "gpt2-lm",
            "gpt2-lm.past",
            "gpt2-lm.dynamo",
            "llama-lm",
            "llama-lm.past",
            "llama-lm.dynamo",
            "qwen3-lm",
            "t5-s2s",
            "t5-s2s.dynamo",
            "t5-s2s.past",
            "bart-s2s",
        ];

    [Theory]
    [MemberData(nameof(Decoders))]
    public async Task Generation_with_a_cache_is_generation_without(string name)
    {
        var model = (LoadedModel)await zoo.Registry.GetAsync(name, None);
        using var lease = await model.UseAsync(None);
        Assert.NotNull(await lease.Forms.StepsAsync());
        foreach (var prompt in Prompts(model.Description))
        {
            var whole = new RepeatedForward(
                prompt,
                (row, stop) => model.Runner.PredictAsync([row], new WorkOptions(), stop).SingleAsync(stop)
            );
            var expected = await Generator.RunAsync(whole, prompt, 24, lease.Forms.Generation, model.Description.MaxTokens, None);
            Assert.Equal(expected, await model.Runner.GenerateAsync(prompt, 24, new WorkOptions(), None));
        }
    }

    [Theory]
    [InlineData("gpt2-lm")]
    [InlineData("llama-lm.past")]
    [InlineData("qwen3-lm")]
    [InlineData("gpt2-lm.dynamo")]
    public async Task Rows_that_share_a_prefix_have_the_logits_of_rows_computed_whole(string name)
    {
        await using var plain = new ModelRegistry(
            new ModelOptions { PrepareForms = false, Directory = ReferenceData.PathOf("zoo") },
            new RuntimeOptions { TokenBudget = 256, PrefixSharing = false },
            new FakeTimeProvider()
        );
        var whole = (await plain.GetAsync(name, None)).Runner;
        var sharing = (await zoo.Registry.GetAsync(name, None)).Runner;
        int[] text = [.. Enumerable.Range(0, 80).Select(i => 5 + (i * 7919 % 1900))];

        // The text, every token of it masked, one row of another text, one of every length, several positions read.
        List<TokenRow> rows = [new() { Ids = text, OutputPositions = [79] }];
        rows.AddRange(
            Enumerable
                .Range(0, 80)
                .Select(i => new TokenRow { Ids = [.. text.Select((id, at) => at == i ? 3 : id)], OutputPositions = [79] })
        );
        rows.Add(new TokenRow { Ids = [.. text.Reverse()], OutputPositions = [0, 40, 79] });
        rows.AddRange(
            Enumerable.Range(1, 79).Select(length => new TokenRow { Ids = text[..length], OutputPositions = [length / 2, length - 1] })
        );
        var expected = await whole.PredictAsync(rows, new WorkOptions(), None).ToListAsync();
        var actual = await sharing.PredictAsync(rows, new WorkOptions(), None).ToListAsync();
        for (var row = 0; row < rows.Count; row++)
        {
            Assert.Equal(expected[row].Values.Length, actual[row].Values.Length);
            for (var i = 0; i < expected[row].Values.Length; i++)
            {
                Assert.Equal(expected[row].Values[i], actual[row].Values[i], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData("t5-s2s")]
    [InlineData("t5-s2s.dynamo")]
    [InlineData("bart-s2s")]
    public void Where_nothing_can_be_kept_of_the_decoder_its_encoder_still_runs_once(string name)
    {
        var folder = ModelFolder.Open(ReferenceData.PathOf("zoo", name));
        var graph = folder.Decoder is null
            ? OnnxFile.Load(folder.Model)
            : JoinEncoderDecoder.Apply(OnnxFile.Load(folder.Model), OnnxFile.Load(folder.Decoder));
        var compiler = new FormCompiler(graph);
        var limits = ModelLimits.Of(ModelConfig.Read(folder.Path), graph, compiler.Report);
        var (readout, sessions) = (LogitsLayout.For(compiler.Report), new SessionFactory(new RuntimeOptions()));
        using var weights = new SharedWeights();
        using var forward = sessions.Create(compiler.Forward(), weights);
        var forms = compiler.SourceOnce();
        using var start = sessions.Create(forms.Start!, weights);
        using var step = sessions.Create(forms.Step, weights);
        Assert.DoesNotContain(step.Form.Weights.Keys, weight => weight.StartsWith("encoder.", StringComparison.Ordinal));
        Assert.True(
            CacheCheck.Agrees(
                new CachedDecoder(forms, start, step, readout, limits.PadToken),
                new PredictWorkload("forward", forward, limits, readout, 1, 0),
                limits
            )
        );
    }

    private static IEnumerable<TokenRow> Prompts(ModelDescription model)
    {
        foreach (var length in new[] { 3, 11, 30 })
        {
            int[] ids = [.. Enumerable.Range(length, length).Select(i => 5 + (i * 7919 % 1900))];
            yield return model.DecoderStart is { } start ? new TokenRow { Ids = ids, DecoderIds = [start] } : new TokenRow { Ids = ids };
        }
    }
}
