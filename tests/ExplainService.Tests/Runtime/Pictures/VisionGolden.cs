using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Tests.Runtime.Pictures;

/// <summary>What PyTorch says of two pictures by the reference model of pictures.</summary>
internal static class VisionGolden
{
    private static readonly JsonElement Root = Read();

    /// <summary>[picture][channels × height × width].</summary>
    public static float[][] Pixels { get; } = [.. Of("pixel_values").EnumerateArray().Select(Floats)];

    /// <summary>[picture][classes].</summary>
    public static float[][] Logits { get; } = [.. Of("logits").EnumerateArray().Select(Floats)];

    /// <summary>[layer][picture][head][queries × keys].</summary>
    public static float[][][][] Attention { get; } =
    [
        .. Of("attentions")
            .EnumerateArray()
            .Select(layer => layer.EnumerateArray().Select(picture => picture.EnumerateArray().Select(Floats).ToArray()).ToArray()),
    ];

    /// <summary>[picture][channels × height × width], of the target's logit.</summary>
    public static float[][] Gradient { get; } = [.. Of("gradient").EnumerateArray().Select(Floats)];

    /// <summary>[picture][patches]: by how much the target's logit falls with a patch of zeros.</summary>
    public static float[][] Occlusion { get; } = [.. Of("occlusion_patch8_zero").EnumerateArray().Select(Floats)];

    /// <summary>The class that is explained.</summary>
    public static int Target { get; } = Of("target").GetInt32();

    private static JsonElement Of(string name) => Root.GetProperty(name);

    private static JsonElement Read()
    {
        using var json = ReferenceData.Json("vision", "vit-cls", "golden.json");
        return json.RootElement.Clone();
    }

    private static float[] Floats(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().SelectMany(Floats)] : [value.GetSingle()];
}
