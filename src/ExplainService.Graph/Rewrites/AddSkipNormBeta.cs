namespace ExplainService.Graph.Rewrites;

/// <summary>
/// <c>SkipLayerNormalization</c> without its optional beta gets one of zeros: ONNX Runtime 1.31 ends the process with a segmentation fault
/// when it packs the weights of one that has none, and a model's folder must never take the service down.
/// </summary>
public static class AddSkipNormBeta
{
    private const int Gamma = 2;
    private const int Beta = 3;

    /// <summary>Rewrites in place.</summary>
    public static void Apply(ModelGraph graph)
    {
        var nodes = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            if (node.Is("SkipLayerNormalization", "com.microsoft") && node.Input(Gamma) is { } gamma && node.Input(Beta) is null)
            {
                var zeros = graph.Unique(node.Output + "_beta");
                nodes.Add(new Node("Sub", [gamma, gamma], [zeros]));
                if (node.Inputs.Count > Beta)
                {
                    node.Inputs[Beta] = zeros;
                }
                else
                {
                    node.Inputs.Add(zeros);
                }
            }

            nodes.Add(node);
        }

        graph.ReplaceNodes(nodes);
    }
}
