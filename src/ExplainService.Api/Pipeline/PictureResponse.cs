using ExplainService.Rendering;
using ExplainService.Rendering.Drawing;

namespace ExplainService.Api.Pipeline;

/// <summary>Answers with a picture.</summary>
internal static class PictureResponse
{
    /// <summary>
    /// Pictures hold their styles and images themselves and run nothing. Were there a hole in the escaping of a hostile text, the browser
    /// would still load nothing, run nothing and post nothing.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox";

    /// <summary>Draws and sends it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="picture">What it asked for.</param>
    /// <param name="subject">What is drawn.</param>
    public static async Task WriteAsync(HttpContext context, PictureRequest picture, Subject subject)
    {
        var bytes = picture.Format.Write(Pictures.Draw(subject, picture.Options), picture.Options.Theme);
        var response = context.Response;
        response.ContentType = picture.Format.MediaType == "text/html" ? "text/html; charset=utf-8" : picture.Format.MediaType;
        response.ContentLength = bytes.Length;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}
