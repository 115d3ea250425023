using System.Globalization;
using System.Text.Json.Nodes;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using Microsoft.OpenApi;

namespace ExplainService.Api.OpenApi;

/// <summary>The query parameters of pictures, as every explanation endpoint takes them.</summary>
internal static class PictureParameters
{
    /// <summary>All of them.</summary>
    public static IEnumerable<OpenApiParameter> All { get; } =
    [
        Of(
            "format",
            "The form of the answer, as Accept would choose it. The options below are refused with json.",
            Names(["json", "svg", "png", "html"], "json")
        ),
        Of(
            "view",
            "What a picture shows; left out, what fits the answer best. A view that the answer does not have is a 422 which lists those it has.",
            Names(Pictures.Views.Select(view => view.Name), null)
        ),
        Of("width", "Width of a picture in pixels.", Number(PictureOptions.Narrowest, PictureOptions.Widest, PictureOptions.Default.Width)),
        Of(
            "theme",
            "The page that a picture is for: auto follows the viewer (png: light).",
            Names(Enum.GetNames<Theme>().Select(name => name.ToLowerInvariant()), "auto")
        ),
        Of(
            "palette",
            "Colours of numbers; each is safe for colour blindness and has a diverging and a sequential scale.",
            Names(Palette.All.Select(palette => palette.Name), PictureOptions.Default.Palette.Name)
        ),
        Of(
            "top",
            "How many of the strongest parts a picture lists one by one.",
            Number(1, PictureOptions.MaxTop, PictureOptions.Default.Top)
        ),
        Of(
            "scale",
            "The number of the strongest colour and the longest bar, so that pictures can be compared; left out, the largest of the picture.",
            new OpenApiSchema
            {
                Type = JsonSchemaType.Number,
                Minimum = ((decimal)PictureOptions.MinScale).ToString(CultureInfo.InvariantCulture),
                Maximum = ((decimal)PictureOptions.MaxScale).ToString(CultureInfo.InvariantCulture),
            }
        ),
        Of(
            "opacity",
            "Of explained pictures: how opaque the strongest colour lies over the picture.",
            new OpenApiSchema
            {
                Type = JsonSchemaType.Number,
                Minimum = "0",
                Maximum = "1",
                Default = PictureOptions.Default.Opacity,
            }
        ),
        Of("patch", "Of a picture's attention: the patch whose attention to the others is shown; left out, the class token's.", Number(0, 1_000_000, null)),
        Of("layer", "Of attention maps: the layer to show; left out, the mean of all in the answer.", Number(0, null, null)),
        Of("head", "Of attention maps: the head to show; left out, the mean of all in the answer.", Number(0, null, null)),
    ];

    private static OpenApiParameter Of(string name, string description, OpenApiSchema schema) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = schema,
        };

    private static OpenApiSchema Names(IEnumerable<string> names, string? otherwise) =>
        new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. names.Select(name => (JsonNode)name)],
            Default = otherwise,
        };

    private static OpenApiSchema Number(int least, int? most, int? otherwise) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = FormattableString.Invariant($"{least}"),
            Maximum = most is null ? null : FormattableString.Invariant($"{most}"),
            Default = otherwise,
        };
}
