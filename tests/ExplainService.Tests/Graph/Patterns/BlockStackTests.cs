using ExplainService.Goldens;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using Xunit;

namespace ExplainService.Tests.Graph.Patterns;

/// <summary>The residual stream, its blocks and their feed-forward networks, found by structure in every family and export.</summary>
public class BlockStackTests
{
    public static TheoryData<string, string> Models() =>
        new(
            from kind in new[] { "zoo", "families" }
            from folder in Directory.GetDirectories(ReferenceData.PathOf(kind))
            where File.Exists(Path.Combine(folder, "config.json"))
            select (kind, Path.GetFileName(folder))
        );

    [Theory]
    [MemberData(nameof(Models))]
    public void Blocks_are_found(string kind, string folder)
    {
        var file = Directory.GetFiles(ReferenceData.PathOf(kind, folder), "*.onnx", SearchOption.AllDirectories).Order().First();
        var graph = OnnxFile.Load(file);
        RemoveKvCache.Apply(graph);
        var compiler = new FormCompiler(graph);
        var layers = compiler.Report.Of(AttentionRole.Self).Count;
        var found = string.Join("\n", compiler.Report.Blocks);
        TestContext.Current.TestOutputHelper!.WriteLine($"{folder}: {layers} {compiler.Report.Blocks.Count}\n{found}");
        Assert.Equal(layers, compiler.Report.Blocks.Count);
        Assert.All(compiler.Report.Blocks, block => Assert.NotNull(block.Activation));
    }
}
