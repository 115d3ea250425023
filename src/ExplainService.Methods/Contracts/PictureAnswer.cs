namespace ExplainService.Methods.Contracts;

/// <summary>The picture that an answer is about. Boxes are [x, y, width, height] in pixels of the picture as sent, upright.</summary>
/// <param name="Width">Columns of the picture as sent.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Seen">What of it the model sees.</param>
/// <param name="InputWidth">Columns of the picture as the model takes it, which <c>scores</c> [height][width] have.</param>
/// <param name="InputHeight">Its rows.</param>
public sealed record PictureAnswer(int Width, int Height, IReadOnlyList<int> Seen, int InputWidth, int InputHeight)
{
    /// <summary>Rows of patches, where they are the units.</summary>
    public int? PatchRows { get; init; }

    /// <summary>Columns of patches.</summary>
    public int? PatchColumns { get; init; }

    /// <summary>How many superpixels, where they are the units.</summary>
    public int? Superpixels { get; init; }
}
