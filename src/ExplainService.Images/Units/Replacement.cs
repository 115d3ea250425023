namespace ExplainService.Images.Units;

/// <summary>What stands in the place of a unit that is hidden.</summary>
public enum Replacement
{
    /// <summary>The mean colour of the picture.</summary>
    Mean,

    /// <summary>Zero in <c>pixel_values</c>: the colour that the model's normalisation calls the mean.</summary>
    Zero,

    /// <summary>The picture, out of focus.</summary>
    Blur,

    /// <summary>Noise of the picture's mean and spread in each channel.</summary>
    Noise,
}
