using ExplainService.Images;
using ExplainService.Protocol.Problems;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Limits;

/// <summary>
/// How large a body, or a line of a stream, may be: what <see cref="ServerLimits.MaxBodyBytes"/> says, and beside it a picture of as many
/// bytes as <see cref="ImageOptions.MaxBytes"/> says, in base64 or in a form.
/// </summary>
internal sealed class BodyLimit(IOptions<ServerLimits> limits, IOptions<ImageOptions> images)
{
    private static ReadOnlySpan<byte> PictureField => "\"image\""u8;

    /// <summary>Bytes that any body may have.</summary>
    public int Most => (int)Math.Min(int.MaxValue, limits.Value.MaxBodyBytes + Base64(images.Value.MaxBytes));

    /// <summary>Refuses a body of JSON that is too large and holds no picture, before it is parsed.</summary>
    /// <exception cref="RefusedRequestException">413.</exception>
    public void CheckUnread(ReadOnlySpan<byte> json)
    {
        if (json.Length > limits.Value.MaxBodyBytes && json.IndexOf(PictureField) < 0)
        {
            throw Over(limits.Value.MaxBodyBytes);
        }
    }

    /// <summary>Refuses a body of JSON whose rest, beside its picture, is too large.</summary>
    /// <param name="bytes">Of the body.</param>
    /// <param name="picture">Characters of its picture.</param>
    /// <exception cref="RefusedRequestException">413.</exception>
    public void Check(long bytes, int picture)
    {
        if (bytes - picture > limits.Value.MaxBodyBytes)
        {
            throw Over(limits.Value.MaxBodyBytes);
        }
    }

    /// <summary>The refusal of a body over a limit.</summary>
    private static RefusedRequestException Over(long limit) =>
        new(413, FormattableString.Invariant($"The body is over the limit of {limit} bytes."));

    private static long Base64(long bytes) => (bytes + 2) / 3 * 4;
}
