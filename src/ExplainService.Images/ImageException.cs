namespace ExplainService.Images;

/// <summary>Why a picture is refused.</summary>
public enum ImageFault
{
    /// <summary>What should be base64 is not.</summary>
    BadEncoding,

    /// <summary>More bytes than are allowed.</summary>
    TooManyBytes,

    /// <summary>More pixels than are allowed.</summary>
    TooLarge,

    /// <summary>Not of a kind that is read.</summary>
    UnsupportedType,

    /// <summary>Of a kind that is read, but cut off, damaged, or of a variety that would be read wrongly.</summary>
    Unreadable,
}

/// <summary>A picture is refused. The message is for its sender and holds nothing of the picture.</summary>
public sealed class ImageException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public ImageException(ImageFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>Which kind of refusal this is.</summary>
    public ImageFault Fault { get; }
}
