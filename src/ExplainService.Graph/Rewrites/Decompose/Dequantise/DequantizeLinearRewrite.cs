namespace ExplainService.Graph.Rewrites.Decompose.Dequantise;

/// <summary>DequantizeLinear: of a weight, the weight in float; of an activation, what was quantised.</summary>
internal sealed class DequantizeLinearRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("", "DequantizeLinear"), ("com.microsoft", "DequantizeLinear")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (step.Quantised.Real(node.Inputs[0], node.Inputs[1], node.Input(2), node.Int("axis", 1), node.Int("block_size")) is not { } real)
        {
            return false;
        }

        step.Out(0, real);
        return true;
    }
}
