namespace ExplainService.Images.Processing;

/// <summary>A picture as a model sees it.</summary>
/// <param name="Pixels"><c>pixel_values</c> of one picture: [channel][row][column].</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Map">Where they lie in the picture as sent.</param>
public sealed record ProcessedImage(float[] Pixels, int Height, int Width, PictureMap Map);
