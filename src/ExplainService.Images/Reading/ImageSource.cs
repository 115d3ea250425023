using System.Buffers.Text;

namespace ExplainService.Images.Reading;

/// <summary>A picture in a JSON string: base64, bare or in a <c>data:</c> URL (RFC 2397).</summary>
public static class ImageSource
{
    private const string Scheme = "data:";
    private const string Marker = ";base64";

    /// <summary>The bytes that the string stands for; an <see cref="ImageException"/> where it stands for none.</summary>
    public static byte[] Parse(string source, ImageOptions options)
    {
        var text = source.AsSpan().Trim();
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            text = AfterHeader(text);
        }
        else if (
            text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        )
        {
            throw Bad("The picture is an address, and addresses are not fetched: send the picture itself, as base64 or as a data: URL.");
        }

        if (text.IsEmpty)
        {
            throw Bad("The picture is empty.");
        }

        // Four characters stand for three bytes; white space between them is rare enough to be forgiven here and counted below.
        if (text.Length / 4L * 3 > 2L * options.MaxBytes)
        {
            throw ImageReader.TooManyBytes(options);
        }

        return Decode(text, options);
    }

    private static ReadOnlySpan<char> AfterHeader(ReadOnlySpan<char> url)
    {
        var comma = url.IndexOf(',');
        if (comma < 0)
        {
            throw Bad("The data: URL has no comma between its type and its data.");
        }

        var header = url[Scheme.Length..comma].Trim();
        if (!header.EndsWith(Marker, StringComparison.OrdinalIgnoreCase))
        {
            throw Bad("The data: URL is not base64: its type must end with ';base64'.");
        }

        var type = header[..^Marker.Length];
        if (!type.IsEmpty && !type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && !IsAnyBytes(type))
        {
            throw new ImageException(ImageFault.UnsupportedType, "The data: URL is of no picture: its type must begin with 'image/'.");
        }

        var data = url[(comma + 1)..];
        return data.Contains('%') ? Uri.UnescapeDataString(data) : data;
    }

    private static bool IsAnyBytes(ReadOnlySpan<char> type) => type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    private static byte[] Decode(ReadOnlySpan<char> text, ImageOptions options)
    {
        if (!Base64.IsValid(text, out var length))
        {
            throw Bad(
                text.ContainsAny('-', '_')
                    ? "The picture is not base64: it has '-' or '_', which stand for '+' and '/' in another alphabet (base64url)."
                    : "The picture is not base64."
            );
        }

        if (length > options.MaxBytes)
        {
            throw ImageReader.TooManyBytes(options);
        }

        var bytes = new byte[length];
        return Convert.TryFromBase64Chars(text, bytes, out var written) && written == length
            ? bytes
            : throw Bad("The picture is not base64.");
    }

    private static ImageException Bad(string message) => new(ImageFault.BadEncoding, message);
}
