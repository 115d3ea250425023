namespace ExplainService.Graph.Onnx;

/// <summary>
/// Moves large weights of subgraphs (the branches of a merged decoder) to the main graph, where they can be shared between forms:
/// ONNX Runtime takes shared initialisers for the main graph only.
/// </summary>
internal static class SubgraphWeights
{
    public static void Hoist(ModelGraph graph)
    {
        // A name must be new in the whole graph: one that is new in a branch alone would hide the value around it that has it.
        _ = graph.Names;
        foreach (var inner in graph.Nodes.SelectMany(node => node.Subgraphs))
        {
            Hoist(inner);
            foreach (var weight in inner.Weights.Values.Where(GraphSerializer.IsLarge).ToList())
            {
                // What a subgraph returns must be its own.
                if (inner.IsOutput(weight.Name))
                {
                    continue;
                }

                var name = graph.Unique(weight.Name);
                inner.Weights.Remove(weight.Name);
                graph.Weights.Add(name, weight.With(name));
                if (name != weight.Name)
                {
                    inner.ReplaceUses(weight.Name, name);
                }
            }
        }
    }
}
