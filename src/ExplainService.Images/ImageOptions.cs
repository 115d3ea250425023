using System.ComponentModel.DataAnnotations;

namespace ExplainService.Images;

/// <summary>How large pictures may be: the section <c>Images</c>.</summary>
public sealed record ImageOptions
{
    /// <summary>Bytes of a picture's file.</summary>
    [Range(1, 1 << 30)]
    public int MaxBytes { get; init; } = 10 << 20;

    /// <summary>Width × height, as the file's header says it: compared before anything is decoded.</summary>
    [Range(1, 1 << 28)]
    public int MaxPixels { get; init; } = 25_000_000;
}
