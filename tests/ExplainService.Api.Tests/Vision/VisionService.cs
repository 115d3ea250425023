using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Vision;

/// <summary>The service with the reference model of pictures, behind real HTTP.</summary>
public sealed class VisionService : TestHost
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Models:Directory", ReferenceData.PathOf("vision")), ("Runtime:TokenBudget", "256")];

    /// <summary>A picture of the size that the model takes: a gradient of colours, a disc, and some noise that is always the same.</summary>
    internal static byte[] Picture { get; } = Of(32, 32);

    /// <summary>It in base64.</summary>
    internal static string Image { get; } = Convert.ToBase64String(Picture);

    internal static byte[] Of(int width, int height) => Png.Of(width, height, (x, y) => Colour(x * 32 / width, y * 32 / height));

    /// <summary>The numbers that the model is fed of it, [channel][row][column].</summary>
    internal static float[] Pixels =>
        [
            .. Enumerable
                .Range(0, 3)
                .SelectMany(channel =>
                    Enumerable
                        .Range(0, 32 * 32)
                        .Select(at =>
                        {
                            var (r, g, b) = Colour(at % 32, at / 32);
                            return (
                                    (
                                        (
                                            channel == 0 ? r
                                            : channel == 1 ? g
                                            : b
                                        ) / 255f
                                    ) - 0.5f
                                ) / 0.5f;
                        })
                ),
        ];

    private static (byte R, byte G, byte B) Colour(int x, int y)
    {
        var disc = ((x - 20) * (x - 20)) + ((y - 11) * (y - 11)) < 49;
        return disc
            ? ((byte)230, (byte)(40 + ((x * 5) % 30)), (byte)60)
            : ((byte)(x * 7), (byte)(y * 8), (byte)(128 + (((x * 31) + (y * 17)) % 97)));
    }
}
