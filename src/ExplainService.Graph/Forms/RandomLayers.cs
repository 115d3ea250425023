using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>
/// A model whose top layers have forgotten what they learned: their weights are drawn anew, each with the mean and the deviation that it had
/// (Adebayo et al. 2018). What is below them is shared with the model.
/// </summary>
public static class RandomLayers
{
    /// <summary>Larger constants are no parameters but what masks are made of.</summary>
    private const float LargestParameter = 1e4f;

    /// <summary>A compiler for such a model.</summary>
    /// <param name="compiler">Of the model.</param>
    /// <param name="layers">How many layers, from the top; what is above them is drawn anew too.</param>
    /// <param name="gaussian">Draws from the standard normal distribution.</param>
    /// <exception cref="NotSupportedException">The graph's layers were not recognised.</exception>
    public static FormCompiler Of(FormCompiler compiler, int layers, Func<double> gaussian)
    {
        ArgumentNullException.ThrowIfNull(compiler);
        ArgumentNullException.ThrowIfNull(gaussian);
        if (compiler.Found.Blocks is not { Count: > 0 } blocks)
        {
            throw new NotSupportedException(BlockStack.NotFound);
        }

        var graph = compiler.Plain.Clone();
        var above = Above(graph, blocks[^layers].Input);
        var inside = WithConstants(graph, above);
        var readers = graph.Consumers();

        // From the top, so that what is drawn anew with one layer is drawn the same with two.
        var names = graph.Nodes.Where(inside.Contains).Reverse().SelectMany(node => node.Reads).Distinct().ToArray();
        foreach (var name in names)
        {
            if (!graph.Weights.TryGetValue(name, out var weight) || Drawn(weight, gaussian) is not { } values)
            {
                continue;
            }

            // A head that shares its matrix with the word embeddings gets one of its own.
            var alone = readers[name].All(inside.Contains) && !graph.IsOutput(name);
            var own = alone ? name : graph.Unique(name);
            graph.Weights[own] = Weight.Adopt(own, [.. weight.Dims], values);
            if (!alone)
            {
                foreach (var node in readers[name].Where(inside.Contains))
                {
                    for (var input = 0; input < node.Inputs.Count; input++)
                    {
                        node.Inputs[input] = node.Inputs[input] == name ? own : node.Inputs[input];
                    }
                }
            }
        }

        return new FormCompiler(graph, compiler.Found.Patches)
        {
            ComputeOnlyWhatIsRead = compiler.ComputeOnlyWhatIsRead,
            SkipsTrial = true,
        };
    }

    /// <summary>The nodes that a value leads to, in the order of the graph.</summary>
    private static List<Node> Above(ModelGraph graph, string value)
    {
        var reached = new HashSet<string> { value };
        var above = new List<Node>();
        foreach (var node in graph.Nodes)
        {
            if (node.Reads.Any(reached.Contains))
            {
                above.Add(node);
                reached.UnionWith(node.Outputs);
            }
        }

        return above;
    }

    /// <summary>Those nodes, and nodes that prepare weights for them alone.</summary>
    private static HashSet<Node> WithConstants(ModelGraph graph, List<Node> above)
    {
        var inside = above.ToHashSet();
        var readers = graph.Consumers();
        var constant = new HashSet<string>(graph.Weights.Keys);
        var prepared = graph
            .Nodes.Where(node =>
            {
                var isConstant = node.Reads.Any() && node.Reads.All(constant.Contains);
                if (isConstant)
                {
                    constant.UnionWith(node.Outputs);
                }

                return isConstant;
            })
            .ToList();
        prepared.Reverse();
        foreach (var node in prepared)
        {
            if (node.Outputs.SelectMany(output => readers[output]).All(inside.Contains))
            {
                inside.Add(node);
            }
        }

        return inside;
    }

    /// <summary>As many numbers with the same mean and deviation; null: it is no parameter.</summary>
    private static float[]? Drawn(Weight weight, Func<double> gaussian)
    {
        if (!weight.Type.IsFloating() || weight.Count < 2)
        {
            return null;
        }

        var values = weight.ToFloats();
        var (mean, largest) = (0.0, 0f);
        foreach (var value in values)
        {
            mean += value;
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : float.PositiveInfinity;
        }

        if (largest > LargestParameter)
        {
            return null;
        }

        mean /= values.Length;
        var variance = 0.0;
        foreach (var value in values)
        {
            variance += (value - mean) * (value - mean);
        }

        var deviation = Math.Sqrt(variance / values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(mean + (deviation * gaussian()));
        }

        return values;
    }
}
