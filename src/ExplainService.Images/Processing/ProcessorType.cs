namespace ExplainService.Images.Processing;

/// <summary>How a processor reads the number of <c>size</c>.</summary>
internal enum SizeRule
{
    /// <summary>As it stands.</summary>
    Plain,

    /// <summary>ConvNext: below 384, the picture is resized to size ÷ crop_pct and the middle cut out; else it is warped to a square.</summary>
    CropShare,

    /// <summary>LeViT: the picture is resized to size × 256 ÷ 224.</summary>
    Levit,
}

/// <summary>A class of Transformers' processors: what it does where a file says nothing.</summary>
/// <param name="Name">Without <c>ImageProcessor</c>.</param>
/// <param name="Resize">The default size.</param>
/// <param name="Filter">The default filter.</param>
/// <param name="Crop">The side of the default crop; none where the class does not crop.</param>
/// <param name="CropsByDefault">Whether it crops unless told otherwise.</param>
/// <param name="Mean">The default mean; none where the class does not normalise.</param>
/// <param name="Deviation">The default deviation.</param>
/// <param name="Rule">How the size is read.</param>
internal sealed record ProcessorType(
    string Name,
    ResizeTarget Resize,
    ResampleFilter Filter,
    int? Crop,
    bool CropsByDefault,
    float[]? Mean,
    float[]? Deviation,
    SizeRule Rule = SizeRule.Plain
)
{
    private static readonly float[] Half = [0.5f, 0.5f, 0.5f];
    private static readonly float[] ImageNetMean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] ImageNetDeviation = [0.229f, 0.224f, 0.225f];
    private static readonly float[] ClipMean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] ClipDeviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Those that are known. The names and defaults are Transformers' (4.57).</summary>
    public static IReadOnlyList<ProcessorType> All { get; } =
    [
        new("ViT", Square(224), ResampleFilter.Bilinear, null, false, Half, Half),
        new("DeiT", Square(256), ResampleFilter.Bicubic, 224, true, Half, Half),
        new("Beit", Square(256), ResampleFilter.Bicubic, 224, true, Half, Half),
        new("ConvNext", Shortest(384), ResampleFilter.Bilinear, null, false, Half, Half, SizeRule.CropShare),
        new("CLIP", Shortest(224), ResampleFilter.Bicubic, 224, true, ClipMean, ClipDeviation),
        new("Bit", Shortest(224), ResampleFilter.Bicubic, 224, true, ClipMean, ClipDeviation),
        new("Siglip", Square(224), ResampleFilter.Bicubic, null, false, Half, Half),
        new("Pvt", Square(224), ResampleFilter.Bilinear, null, false, ImageNetMean, ImageNetDeviation),
        new("Levit", Shortest(224), ResampleFilter.Bicubic, 224, true, ImageNetMean, ImageNetDeviation, SizeRule.Levit),
        new("MobileNetV1", Shortest(256), ResampleFilter.Bilinear, 224, true, Half, Half),
        new("MobileNetV2", Shortest(256), ResampleFilter.Bilinear, 224, true, Half, Half),
        new("MobileViT", Shortest(224), ResampleFilter.Bilinear, 256, true, null, null),
        new("EfficientNet", Square(346), ResampleFilter.Nearest, 289, false, Half, Half),
    ];

    /// <summary>The processor of models whose file names none, as Transformers' <c>AutoImageProcessor</c> chooses by <c>model_type</c>.</summary>
    public static string? OfModel(string modelType) =>
        modelType switch
        {
            "vit" or "swin" or "swinv2" or "swiftformer" or "vit_msn" => "ViT",
            "deit" => "DeiT",
            "beit" or "data2vec-vision" => "Beit",
            "convnext" or "convnextv2" or "cvt" or "regnet" or "resnet" or "van" => "ConvNext",
            "clip" => "CLIP",
            "bit" or "dinov2" or "dinov2_with_registers" or "focalnet" or "hiera" => "Bit",
            "siglip" => "Siglip",
            "pvt" or "pvt_v2" => "Pvt",
            "levit" => "Levit",
            "mobilenet_v1" => "MobileNetV1",
            "mobilenet_v2" => "MobileNetV2",
            "mobilevit" or "mobilevitv2" => "MobileViT",
            "efficientnet" => "EfficientNet",
            _ => null,
        };

    /// <summary>Whether a bare number as size is a square; else it is the shorter side.</summary>
    public bool NumberIsSquare => Resize is ResizeTarget.Exact;

    private static ResizeTarget.Exact Square(int side) => new(new PixelSize(side, side));

    private static ResizeTarget.ShortestEdge Shortest(int side) => new(side);
}
