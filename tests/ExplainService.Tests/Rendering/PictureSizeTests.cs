using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>The largest pictures are drawn while somebody waits. (The benchmarks' <c>own</c> measures for how long.)</summary>
public sealed class PictureSizeTests
{
    [Theory]
    [Slow]
    [InlineData("grid", 25e6)]
    [InlineData("heatmap", 7e6)]
    [InlineData("heads", 7e6)]
    public void The_attention_of_512_tokens_stays_small_and_takes_little_memory(string view, double most)
    {
        var subject = Answers.Attention(512, 6, 12);
        byte[] svg = [];
        var bytes = Allocations.Of(() =>
            svg = SvgWriter.Write(Pictures.Draw(subject, PictureOptions.Default with { View = view }), Theme.Auto)
        );
        Assert.True(svg.Length < 5_000_000, $"{svg.Length} bytes");
        Assert.InRange(bytes, 0, most);
    }
}
