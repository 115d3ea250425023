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
public sealed class RowCompanyTests
{
    [Theory]
    [InlineData("zoo/bert-cls", nameof(RowCompany.Any))]
    [InlineData("zoo/bert-cls.O2", nameof(RowCompany.Any))]
    [InlineData("zoo/bert-cls.fp16", nameof(RowCompany.Any))]
    [InlineData("zoo/bert-cls.int8", nameof(RowCompany.Any))]
    [InlineData("zoo/bert-qa", nameof(RowCompany.Any))]
    [InlineData("zoo/roberta-cls", nameof(RowCompany.Any))]
    [InlineData("zoo/deberta-cls", nameof(RowCompany.Any))]
    [InlineData("zoo/modernbert-cls.dynamo", nameof(RowCompany.Any))]
    [InlineData("zoo/gpt2-cls", nameof(RowCompany.Any))]
    [InlineData("zoo/gpt2-lm.past", nameof(RowCompany.Any))]
    [InlineData("zoo/llama-lm", nameof(RowCompany.Any))]
    [InlineData("zoo/t5-s2s", nameof(RowCompany.Any))]
    [InlineData("zoo/bart-s2s", nameof(RowCompany.Any))]
    [InlineData("families/mpnet-cls", nameof(RowCompany.Any))]
    // It has no padding token, and so reads whatever is last.
    [InlineData("families/llama-cls-nopad", nameof(RowCompany.EqualLengths))]
    // The token before the first padding: where there is none, at −1, which the export takes for the end of the row before.
    [InlineData("families/gptneox-cls", nameof(RowCompany.None))]
    public void Rows_keep_their_numbers(string path, string company)
    {
        var folder = ModelFolder.Open(ReferenceData.PathOf(path.Split('/')));
        var graph = OnnxFile.Load(folder.Model);
        WithoutCache.Apply(graph);
        if (folder.Decoder is not null)
        {
            graph = JoinEncoderDecoder.Apply(graph, OnnxFile.Load(folder.Decoder));
        }

        var compiler = new FormCompiler(graph);
        var limits = ModelLimits.Of(ModelConfig.Read(folder.Path), graph, compiler.Report);
        var (readout, sessions) = (ExplainService.Runtime.Execution.Readout.For(compiler.Report), new SessionFactory(new RuntimeOptions()));
        using var weights = new SharedWeights();
        using var session = sessions.Create(compiler.Forward(), weights);
        var found = RowCompanyCheck.Of(new PredictWorkload("company", session, limits, readout, 1, 0), Example, limits, compiler.Report);
        Assert.Equal(company, found.ToString());

        ModelRow Example(int number, int length)
        {
            int[] ids = [.. Enumerable.Range(0, length).Select(position => 5 + (number * 31) + (position * 7))];
            return new ModelRow
            {
                Ids = ids,
                DecoderIds = folder.Decoder is null ? [] : ids,
                Reads = readout.HasPositions ? [0] : [],
            };
        }
    }
}
