namespace ExplainService.Runtime;

/// <summary>Values of layers for one row, padding removed.</summary>
/// <param name="Layers">[layer][tokens × size].</param>
/// <param name="Size">Numbers a token: hidden channels, or neurons.</param>
public sealed record LayerValues(IReadOnlyList<float[]> Layers, int Size);
