namespace ExplainService.Images;

/// <summary>A picture that was read, and what its sender should know of how.</summary>
/// <param name="Image">The picture, upright: its size is that of the picture as sent.</param>
/// <param name="MediaType">Such as <c>image/png</c>: what the bytes are, whatever they were called.</param>
/// <param name="Notes">What was left out.</param>
public sealed record ReadImage(RgbImage Image, string MediaType, IReadOnlyList<ImageNote> Notes);

/// <summary>What was left out of a picture.</summary>
/// <param name="Code">One of <see cref="ImageNoteCode"/>.</param>
/// <param name="Text">A sentence for people.</param>
public sealed record ImageNote(string Code, string Text);

/// <summary>The codes of notes.</summary>
public static class ImageNoteCode
{
    /// <summary>The picture moves; its first frame was read.</summary>
    public const string FirstFrame = "first_frame";

    /// <summary>The picture is transparent in places; their colours were read as if it were not.</summary>
    public const string TransparencyDropped = "transparency_dropped";
}
