namespace ExplainService.Runtime;

/// <summary>How a model takes a picture, and where its patches stand in the sequence that it computes.</summary>
/// <param name="Channels">Channels of a pixel.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="PatchHeight">Rows of pixels of a patch.</param>
/// <param name="PatchWidth">Columns of pixels of a patch.</param>
/// <param name="Before">Tokens of the sequence before the first patch: a class token, registers.</param>
/// <param name="Behind">Tokens of the sequence behind the last patch.</param>
/// <param name="IsModels">Whether the model cuts the picture so itself; otherwise these patches are for explanations alone.</param>
public sealed record PictureShape(
    int Channels,
    int Height,
    int Width,
    int PatchHeight,
    int PatchWidth,
    int Before,
    int Behind,
    bool IsModels
)
{
    /// <summary>Rows of patches; the last may hang over the edge.</summary>
    public int Rows => (Height + PatchHeight - 1) / PatchHeight;

    /// <summary>Columns of patches.</summary>
    public int Columns => (Width + PatchWidth - 1) / PatchWidth;

    /// <summary>Patches.</summary>
    public int Patches => Rows * Columns;

    /// <summary>Tokens of the sequence.</summary>
    public int Sequence => Before + Patches + Behind;

    /// <summary>Pixels of a token.</summary>
    public int TokenPixels => PatchHeight * PatchWidth;

    /// <summary>Numbers of a token: its pixels row by row, each with its channels.</summary>
    public int TokenSize => TokenPixels * Channels;

    /// <summary>Whether a place of the sequence is a patch's.</summary>
    public bool IsPatch(int token) => token >= Before && token < Before + Patches;

    /// <summary>
    /// Which pixel of the picture, counted row by row, stands at each place of the sequence's pixels, [sequence × token's pixels]; −1: none
    /// (tokens that are no patches, pixels beyond the edge).
    /// </summary>
    public int[] Places()
    {
        var places = new int[Sequence * TokenPixels];
        Array.Fill(places, -1);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var token = Before + (y / PatchHeight * Columns) + (x / PatchWidth);
                places[(token * TokenPixels) + (y % PatchHeight * PatchWidth) + (x % PatchWidth)] = (y * Width) + x;
            }
        }

        return places;
    }

    /// <summary>A picture [channels × height × width] as the sequence's numbers, [sequence × token's pixels × channels].</summary>
    public float[] Arrange(ReadOnlySpan<float> picture)
    {
        if (picture.Length != Channels * Height * Width)
        {
            throw new ArgumentException($"A picture of {picture.Length} numbers is none of {this}.", nameof(picture));
        }

        var (places, numbers) = (Places(), new float[Sequence * TokenSize]);
        for (var place = 0; place < places.Length; place++)
        {
            for (var channel = 0; places[place] >= 0 && channel < Channels; channel++)
            {
                numbers[(place * Channels) + channel] = picture[(channel * Height * Width) + places[place]];
            }
        }

        return numbers;
    }

    /// <summary>The sequence's numbers as a picture again, [channels × height × width].</summary>
    public float[] Picture(ReadOnlySpan<float> numbers)
    {
        var (places, picture) = (Places(), new float[Channels * Height * Width]);
        for (var place = 0; place < places.Length; place++)
        {
            for (var channel = 0; places[place] >= 0 && channel < Channels; channel++)
            {
                picture[(channel * Height * Width) + places[place]] = numbers[(place * Channels) + channel];
            }
        }

        return picture;
    }
}
