using ExplainService.Testing;
using ExplainService.Tests.Runtime.Pictures;

namespace ExplainService.Api.Tests.Vision;

/// <summary>The service with small models of pictures as they are exported: BEiT, Swin, and one to which all patches are alike.</summary>
public sealed class TinyPictures : TestHost
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-tiny-pictures-");

    public TinyPictures()
    {
        PictureGraphs.Write(Path.Combine(folder.FullName, "beit"), "BeitForImageClassification", PictureGraphs.Beit());
        PictureGraphs.Write(Path.Combine(folder.FullName, "swin"), "SwinForImageClassification", PictureGraphs.Swin());
        PictureGraphs.Write(Path.Combine(folder.FullName, "symmetric"), "ViTForImageClassification", PictureGraphs.Symmetric());
    }

    /// <summary>A picture of many colours, of the size that the models take.</summary>
    internal static string Image { get; } =
        Convert.ToBase64String(
            Png.Of(
                PictureGraphs.Side,
                PictureGraphs.Side,
                (x, y) => ((byte)(x * 15), (byte)(255 - (y * 13)), (byte)(((x * y) + (7 * x)) % 251))
            )
        );

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Models:Directory", folder.FullName), ("Runtime:TokenBudget", "4096")];

    protected override string TemporaryFolder => folder.FullName;
}
