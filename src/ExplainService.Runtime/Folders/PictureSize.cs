using System.Text.Json;
using ExplainService.Graph;
using ExplainService.Graph.Patterns;

namespace ExplainService.Runtime.Folders;

/// <summary>The size of the pictures that a model takes: its graph's word, else that of its files.</summary>
internal static class PictureSize
{
    /// <summary>More numbers of a picture than any model takes.</summary>
    private const long MaxNumbers = 1L << 26;

    /// <summary>The size; null: the graph takes no pictures.</summary>
    /// <exception cref="ModelNotUsableException">It takes them, and nothing tells of which size.</exception>
    public static PixelSize? Read(string folder, ModelGraph graph)
    {
        if (graph.Inputs.Find(input => input.Name == PatchEmbedding.Input) is not { } input)
        {
            return null;
        }

        if (input.Dims is { Count: not 4 } other)
        {
            throw new ModelNotUsableException(
                $"The graph's input '{input.Name}' has {other.Count} dimensions; pictures have 4: batch, channels, height, width."
            );
        }

        var config = JsonFields.Read(Path.Combine(folder, "config.json"));
        var told = PictureFiles.SizeOf(folder) ?? SizeOf(config.Field("image_size"));
        var channels = Own(1) ?? config.Integer("num_channels") ?? 3;
        var (height, width) = (Own(2) ?? told?.Height, Own(3) ?? told?.Width);
        if (height is not > 0 || width is not > 0 || channels != 3)
        {
            throw new ModelNotUsableException(
                "Neither the graph nor preprocessor_config.json (\"size\", \"crop_size\") nor config.json (\"image_size\") tells the size of its pictures, of 3 channels."
            );
        }

        return (long)channels * height.Value * width.Value <= MaxNumbers
            ? new PixelSize(channels, height.Value, width.Value)
            : throw new ModelNotUsableException($"Pictures of {height} x {width} pixels are larger than this service computes.");

        int? Own(int axis) => input.Dims?[axis].Value is { } number and > 0 and <= int.MaxValue ? (int)number : null;
    }

    private static (int Height, int Width)? SizeOf(JsonElement? size) =>
        size switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var side) => (side, side),
            { ValueKind: JsonValueKind.Array } sides
                when sides.GetArrayLength() == 2 && Side(sides[0]) is { } high && Side(sides[1]) is { } wide => (high, wide),
            { ValueKind: JsonValueKind.Object } named when named.Integer("height") is { } height && named.Integer("width") is { } width => (
                height,
                width
            ),
            _ => null,
        };

    private static int? Side(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var side) ? side : null;
}
