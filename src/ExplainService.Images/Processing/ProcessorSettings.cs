namespace ExplainService.Images.Processing;

/// <summary>What is done to a picture before a model sees it, with the defaults of its processor filled in.</summary>
public sealed record ProcessorSettings
{
    /// <summary>The processor's class, without <c>Fast</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The class that works on tensors: it crops by another rounding.</summary>
    public required bool Fast { get; init; }

    /// <summary>The size to resize to; none where the picture stays as it is.</summary>
    public ResizeTarget? Resize { get; init; }

    /// <summary>How it is resized.</summary>
    public required ResampleFilter Filter { get; init; }

    /// <summary>The size of the middle that is cut out; none where nothing is.</summary>
    public PixelSize? Crop { get; init; }

    /// <summary>What each value of 0 to 255 is multiplied by; none where it is not.</summary>
    public double? RescaleFactor { get; init; }

    /// <summary>Whether one is taken off after that (EfficientNet's <c>rescale_offset</c>).</summary>
    public bool RescaleOffset { get; init; }

    /// <summary>What is taken off each channel; none where nothing is normalised.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>What each channel is divided by then.</summary>
    public IReadOnlyList<float>? Deviation { get; init; }

    /// <summary>What each channel is divided by once more (EfficientNet's <c>include_top</c>); none where it is not.</summary>
    public IReadOnlyList<float>? SecondDeviation { get; init; }

    /// <summary>Whether blue comes first (MobileViT).</summary>
    public bool BlueFirst { get; init; }
}

/// <summary>Rows and columns.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct PixelSize(int Height, int Width);

/// <summary>What a picture is resized to.</summary>
public abstract record ResizeTarget
{
    private ResizeTarget() { }

    /// <summary>The size of a picture of this size after resizing.</summary>
    internal abstract PixelSize Of(int height, int width);

    /// <summary>A size, whatever the picture's proportions.</summary>
    public sealed record Exact(PixelSize Size) : ResizeTarget
    {
        internal override PixelSize Of(int height, int width) => Size;
    }

    /// <summary>A length of the shorter side; the longer one follows.</summary>
    public sealed record ShortestEdge(int Length) : ResizeTarget
    {
        internal override PixelSize Of(int height, int width) =>
            height < width ? new PixelSize(Length, Longer(width, height)) : new PixelSize(Longer(height, width), Length);

        /// <summary>Cut off, as Python's <c>int</c> does.</summary>
        private int Longer(int longer, int shorter) => (int)Math.Min((double)((long)Length * longer) / shorter, int.MaxValue);
    }
}
