namespace ExplainService.Graph;

/// <summary>Runs a graph to see shapes that the static pass cannot tell.</summary>
public interface IShapeProbe
{
    /// <summary>The shapes that <paramref name="values"/> take for inputs of this batch and length.</summary>
    IReadOnlyDictionary<string, long[]> Run(ModelGraph graph, IReadOnlyList<string> values, int batch, int length);
}
