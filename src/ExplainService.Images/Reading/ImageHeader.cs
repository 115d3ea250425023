namespace ExplainService.Images.Reading;

/// <summary>What a picture's file says of itself, read without decoding a pixel.</summary>
/// <param name="MediaType">Such as <c>image/png</c>.</param>
/// <param name="Width">Columns, before the picture is turned upright.</param>
/// <param name="Height">Rows, before the picture is turned upright.</param>
/// <param name="Orientation">The value of EXIF's tag, 1 to 8.</param>
/// <param name="Animated">Whether there are frames after the first.</param>
internal sealed record ImageHeader(string MediaType, int Width, int Height, int Orientation, bool Animated)
{
    /// <summary>Of PNG, JPEG or WebP; an <see cref="ImageException"/> of everything else, and of files that end too early.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> file) =>
        PngHeader.Is(file) ? PngHeader.Read(file)
        : JpegHeader.Is(file) ? JpegHeader.Read(file)
        : WebPHeader.Is(file) ? WebPHeader.Read(file)
        : throw new ImageException(ImageFault.UnsupportedType, ForeignFormat.Describe(file));

    /// <summary>The refusal of a file that ends before its picture does.</summary>
    public static ImageException CutOff(string format) =>
        new(ImageFault.Unreadable, $"The {format} is cut off: the file ends before the picture does.");

    /// <summary>The refusal of a file that says impossible things of itself.</summary>
    public static ImageException Damaged(string format) => new(ImageFault.Unreadable, $"The {format} is damaged.");
}
