using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Patterns;

/// <summary>The residual stream, its blocks and their feed-forward networks, found by structure in every family and export.</summary>
[Slow]
public class BlockStackTests
{
    public static TheoryData<string, string> Models() =>
        new(
            from kind in new[] { "zoo", "families" }
            from folder in Directory.GetDirectories(ReferenceData.PathOf(kind))
            // Of two graphs the blocks are found once they are joined; the tiny DeBERTa has a convolution in its only pair of layers.
            where File.Exists(Path.Combine(folder, "model.onnx")) && !folder.EndsWith("debertav2-conv-ner", StringComparison.Ordinal)
            select (kind, Path.GetFileName(folder))
        );

    [Theory]
    [MemberData(nameof(Models))]
    public void Blocks_are_found(string kind, string folder)
    {
        var file = ReferenceData.PathOf(kind, folder, "model.onnx");
        var graph = OnnxFile.Load(file);
        RemoveKvCache.Apply(graph);
        var compiler = new FormCompiler(graph);
        var layers = compiler.Report.Of(AttentionRole.Self).Count;
        Assert.Equal(layers, compiler.Report.Blocks.Count);
        Assert.All(compiler.Report.Blocks, block => Assert.NotNull(block.Activation));
        Assert.All(compiler.Report.Blocks.Zip(compiler.Report.Blocks.Skip(1)), pair => Assert.Equal(pair.First.Output, pair.Second.Input));
    }
}
