using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Rewrites;
using ExplainService.Runtime;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Sessions;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

/// <summary>Rows share batches where, and only where, that leaves their numbers alone.</summary>
public sealed class BatchInvarianceProbeTests
{
    [Theory]
    [Slow]
    [InlineData("zoo/bert-cls", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/bert-cls.O2", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/bert-cls.fp16", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/bert-cls.int8", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/bert-qa", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/roberta-cls", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/deberta-cls", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/modernbert-cls.dynamo", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/gpt2-cls", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/gpt2-lm.past", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/llama-lm", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/t5-s2s", nameof(BatchCompatibility.Any))]
    [InlineData("zoo/bart-s2s", nameof(BatchCompatibility.Any))]
    [InlineData("families/mpnet-cls", nameof(BatchCompatibility.Any))]
    // It has no padding token, and so reads whatever is last.
    [InlineData("families/llama-cls-nopad", nameof(BatchCompatibility.SameLength))]
    // The token before the first padding: where there is none, at −1, which the export takes for the end of the row before.
    [InlineData("families/gptneox-cls", nameof(BatchCompatibility.Alone))]
    public void Rows_keep_their_numbers(string path, string compatibility)
    {
        var folder = ModelFolder.Open(ReferenceData.PathOf(path.Split('/')));
        var graph = OnnxFile.Load(folder.Model);
        RemoveKvCache.Apply(graph);
        if (folder.Decoder is not null)
        {
            graph = JoinEncoderDecoder.Apply(graph, OnnxFile.Load(folder.Decoder));
        }

        var compiler = new FormCompiler(graph);
        var limits = ModelLimits.Of(ModelConfig.Read(folder.Path), graph, compiler.Report);
        var (layout, sessions) = (LogitsLayout.For(compiler.Report), new SessionFactory(new RuntimeOptions()));
        using var weights = new SharedWeights();
        using var session = sessions.Create(compiler.Forward(), weights);
        var found = BatchInvarianceProbe.Of(new PredictWorkload("probe", session, limits, layout, 1, 0), Example, limits, compiler.Report);
        Assert.Equal(compatibility, found.ToString());

        TokenRow Example(int number, int length)
        {
            int[] ids = [.. Enumerable.Range(0, length).Select(position => 5 + (number * 31) + (position * 7))];
            return new TokenRow
            {
                Ids = ids,
                DecoderIds = folder.Decoder is null ? [] : ids,
                OutputPositions = layout.HasPositions ? [0] : [],
            };
        }
    }
}
