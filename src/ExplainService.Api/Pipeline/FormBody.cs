using System.Buffers;
using System.IO.Pipelines;
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

    /// <summary>The request as JSON, with the picture in base64.</summary>
    /// <param name="request">For its content type.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="stop">Nobody waits any more.</param>
    /// <exception cref="InvalidRequestException">400: it is no form, or not of these parts.</exception>
    /// <exception cref="RefusedRequestException">415.</exception>
    public static async Task<ReadOnlyMemory<byte>> ToJsonAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        byte[]? json = null;
        byte[]? image = null;
        var bytes = PipeReader.Create(new ReadOnlySequence<byte>(body)).AsStream();
        await using var read = bytes.ConfigureAwait(false);
        var reader = FormReading.Open(request, bytes);
        try
        {
            while (await FormReading.NextAsync(reader, stop).ConfigureAwait(false) is { } part)
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
        catch (Exception broken) when (FormReading.IsBroken(broken))
        {
            throw FormReading.Broken();
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
