using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>A form with a request and its picture, as the JSON that says the same.</summary>
internal static class FormBody
{
    private const string RequestPart = "request";
    private const string ImagePart = "image";
    private const int MaxBoundaryLength = 128;

    /// <summary>Whether the body is a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>The request as JSON, with the picture in base64.</summary>
    /// <param name="request">For its content type.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="stop">Nobody waits any more.</param>
    /// <exception cref="InvalidRequestException">400: it is no form, or not of these parts.</exception>
    /// <exception cref="RefusedRequestException">415.</exception>
    public static async Task<ReadOnlyMemory<byte>> ToJsonAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength)
        {
            throw new RefusedRequestException(415, "The form needs a boundary of 1 to 128 characters in its content-type.");
        }

        byte[]? json = null;
        byte[]? image = null;
        using var bytes = new MemoryStream(body.ToArray(), writable: false);
        var reader = new MultipartReader(boundary, bytes);
        try
        {
            while (await reader.ReadNextSectionAsync(stop).ConfigureAwait(false) is { } part)
            {
                var name = HeaderUtilities.RemoveQuotes(part.GetContentDispositionHeader()?.Name ?? default).Value;
                using var content = new MemoryStream();
                await part.Body.CopyToAsync(content, stop).ConfigureAwait(false);
                if (name == RequestPart && json is null)
                {
                    json = content.ToArray();
                }
                else if (name == ImagePart && image is null)
                {
                    image = content.ToArray();
                }
                else
                {
                    throw InvalidRequestException.Malformed(
                        "(form)",
                        "must have one part \"image\", the picture, and one part \"request\", the rest as JSON, and no other"
                    );
                }
            }
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw InvalidRequestException.Malformed("(form)", "is not a valid multipart/form-data body");
        }

        return image is null
            ? throw InvalidRequestException.Malformed(ImagePart, "is required: a part with the picture's bytes")
            : Joined(json ?? "{}"u8.ToArray(), image);
    }

    /// <summary>What is no object stays as it is: whoever reads it refuses it, as it does a second picture.</summary>
    private static byte[] Joined(byte[] json, byte[] image)
    {
        var open = json.AsSpan().IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
        if (open < 0 || json[open] != (byte)'{')
        {
            return json;
        }

        var rest = json.AsSpan(open + 1);
        var isEmpty = rest.IndexOfAnyExcept(" \t\r\n"u8) is var next and >= 0 && rest[next] == (byte)'}';
        return
        [
            .. "{\"image\":\""u8,
            .. System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(image)),
            .. isEmpty ? "\""u8 : "\","u8,
            .. rest,
        ];
    }
}
