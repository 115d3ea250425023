namespace ExplainService.Graph;

/// <summary>What a file declares about a value: name, element type, and dimensions (null when even the rank is open).</summary>
public sealed record ValueInfo(string Name, ElementType Type, IReadOnlyList<Dim>? Dims);
