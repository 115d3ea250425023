using System.Diagnostics;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>The largest pictures are drawn while somebody waits.</summary>
[Collection(typeof(Alone))]
public sealed class PictureSpeedTests
{
    [Theory]
    [InlineData("grid")]
    [InlineData("heatmap")]
    [InlineData("heads")]
    public void The_attention_of_512_tokens_stays_small_and_quick(string view)
    {
        var subject = Answers.Attention(512, 6, 12);
        var best = TimeSpan.MaxValue;

        // The best of several: other processes run on the same cores.
        for (var attempt = 0; attempt < 5 && best > TimeSpan.FromSeconds(1); attempt++)
        {
            var clock = Stopwatch.StartNew();
            var svg = Draw(subject);
            best = clock.Elapsed < best ? clock.Elapsed : best;
            Assert.True(svg.Length < 5_000_000, $"{svg.Length} bytes");
        }

        Assert.True(best < TimeSpan.FromSeconds(1), $"{best}");

        byte[] Draw(Subject drawn) => SvgWriter.Write(Pictures.Draw(drawn, PictureOptions.Default with { View = view }), Theme.Auto);
    }
}
