using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Scenes;

namespace ExplainService.Rendering.Output;

/// <summary>A form that a scene can take.</summary>
/// <param name="Name">As <c>?format=</c> calls it.</param>
/// <param name="MediaType">As <c>Accept</c> calls it.</param>
/// <param name="Write">Writes a scene.</param>
public sealed record PictureFormat(string Name, string MediaType, Func<Scene, Theme, CancellationToken, byte[]> Write)
{
    /// <summary>Every form.</summary>
    public static IReadOnlyList<PictureFormat> All { get; } =
    [new("svg", "image/svg+xml", SvgWriter.Write), new("png", "image/png", PngWriter.Write), new("html", "text/html", HtmlWriter.Write)];
}
