namespace ExplainService.Images.Processing;

/// <summary>How Pillow resizes; the numbers are those of <c>resample</c>.</summary>
public enum ResampleFilter
{
    /// <summary>The pixel whose middle is nearest.</summary>
    Nearest = 0,

    /// <summary>A sinc cut off by a sinc, three lobes.</summary>
    Lanczos = 1,

    /// <summary>A triangle.</summary>
    Bilinear = 2,

    /// <summary>A cubic with a = −0.5.</summary>
    Bicubic = 3,

    /// <summary>The mean of what a pixel covers.</summary>
    Box = 4,

    /// <summary>A sinc under a Hamming window.</summary>
    Hamming = 5,
}
