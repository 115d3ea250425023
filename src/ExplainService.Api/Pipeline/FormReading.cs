using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>Bodies of <c>multipart/form-data</c>.</summary>
internal static class FormReading
{
    private const string FormType = "multipart/form-data";
    private const int MaxBoundaryLength = 128;

    /// <summary>Whether a body is a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Begins to read one.</summary>
    /// <param name="request">For its content type.</param>
    /// <param name="body">The body.</param>
    /// <exception cref="RefusedRequestException">415: its content type does not say what parts the parts.</exception>
    public static MultipartReader Open(HttpRequest request, Stream body)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        return string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength
            ? throw new RefusedRequestException(415, "The form needs a boundary of 1 to 128 characters in its content-type.")
            : new MultipartReader(boundary, body);
    }

    /// <summary>The next part; null: there is none.</summary>
    /// <exception cref="InvalidRequestException">400: a form that breaks off, or is none, is its sender's fault.</exception>
    public static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken stop)
    {
        try
        {
            return await reader.ReadNextSectionAsync(stop).ConfigureAwait(false);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Broken();
        }
    }

    /// <summary>Whether an exception says that a form is broken.</summary>
    public static bool IsBroken(Exception exception) =>
        exception is IOException or InvalidDataException && exception is not BadHttpRequestException;

    /// <summary>What its sender is told.</summary>
    public static InvalidRequestException Broken() =>
        InvalidRequestException.Malformed("(form)", "is not a valid multipart/form-data body");
}
