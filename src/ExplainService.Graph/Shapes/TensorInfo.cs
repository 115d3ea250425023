namespace ExplainService.Graph.Shapes;

/// <summary>What is known about a value before any run.</summary>
/// <param name="Type">Element type, or <see cref="ElementType.Undefined"/>.</param>
/// <param name="Dims">The dimensions, each known, symbolic or unknown; null when even the rank is unknown.</param>
/// <param name="Content">The elements of a small integer or bool tensor (shape arithmetic), flat; null when not followed.</param>
public sealed record TensorInfo(ElementType Type, Dim[]? Dims, Dim[]? Content = null)
{
    /// <summary>Tensors with more elements are not followed by content.</summary>
    public const int ContentLimit = 64;

    /// <summary>Nothing is known.</summary>
    public static TensorInfo None { get; } = new(ElementType.Undefined, null);

    /// <summary>How many dimensions, or null.</summary>
    public int? Rank => Dims?.Length;

    /// <summary>The elements when every one is a known number.</summary>
    public long[]? Numbers =>
        Content is not null && Array.TrueForAll(Content, x => x.Value is not null) ? Array.ConvertAll(Content, x => x.Value!.Value) : null;
}
