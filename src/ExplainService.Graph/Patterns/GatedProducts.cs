using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>Gates: products of two branches, of which one went through an activation (Dauphin et al. 2017; Shazeer 2020).</summary>
/// <param name="graph">The graph.</param>
/// <param name="moving">Values that depend on the embeddings.</param>
/// <param name="activations">Finds activations that are written out.</param>
internal sealed class GatedProducts(ModelGraph graph, IReadOnlySet<string> moving, ActivationProducts activations)
{
    private readonly Dictionary<string, Node> producers = graph.Producers();

    /// <summary>Which factor went through no activation; null: both did, or neither.</summary>
    public int? LinearBranch(Node product)
    {
        bool[] activated = [.. product.Inputs.Select(IsActivated)];
        return activated is [false, true] ? 0
            : activated is [true, false] ? 1
            : null;
    }

    private bool IsActivated(string value)
    {
        while (producers.TryGetValue(value, out var node))
        {
            if (node.Has(OperatorTrait.Activation) || activations.VanishingFactor(node) is not null)
            {
                return true;
            }

            string[] varying = [.. node.Inputs.Where(moving.Contains)];
            var passes =
                node.Op is "Mul" or "Div" or "Add" or "Sub" or "Neg" or "Cast" || node.Has(OperatorTrait.Reshapes | OperatorTrait.Moves);
            if (!passes || varying is not [var only])
            {
                return false;
            }

            value = only;
        }

        return false;
    }
}
