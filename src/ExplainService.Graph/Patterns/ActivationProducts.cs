using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// Activations where exporters write them out: products of two functions of one value x, element by element, of which one is 0 where x is.
/// x·Φ(x) by the error function or by tanh, x·σ(αx), x·tanh(softplus x), x² are of the kind, in any order of their factors.
/// </summary>
/// <param name="graph">The graph, sorted.</param>
/// <param name="moving">Values that depend on the embeddings.</param>
internal sealed class ActivationProducts(ModelGraph graph, IReadOnlySet<string> moving)
{
    /// <summary>More operators than any activation is written in.</summary>
    private const int MaxOperators = 32;

    private readonly Dictionary<string, Node> producers = graph.Producers();
    private readonly Dictionary<Node, int> places = graph.Nodes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);

    /// <summary>
    /// Which factor of a product is 0 at x = 0, so that y/x is that factor's own ratio to x times the other; null: the product is no
    /// function of one value, or not 0 there.
    /// </summary>
    public int? VanishingFactor(Node product)
    {
        if (!product.Is("Mul") || Source(product) is not { } x)
        {
            return null;
        }

        int[] sides = [0, 1];
        return sides.Where(side => IsProportional(product.Inputs[side], x)).Cast<int?>().FirstOrDefault()
            ?? sides.Where(side => Vanishes(product.Inputs[side], x)).Cast<int?>().FirstOrDefault();
    }

    /// <summary>The nearest value that both factors are functions of, element by element; null: there is none.</summary>
    private string? Source(Node product)
    {
        var frontier = product.Inputs.Where(moving.Contains).ToHashSet();
        for (var step = 0; frontier.Count > 1; step++)
        {
            var last = frontier.MaxBy(name => producers.TryGetValue(name, out var node) ? places[node] : -1)!;
            if (
                step == MaxOperators
                || !producers.TryGetValue(last, out var latest)
                || !latest.Has(OperatorTrait.Unary | OperatorTrait.Elementwise)
            )
            {
                return null;
            }

            frontier.Remove(last);
            frontier.UnionWith(latest.Inputs.Where(moving.Contains));
        }

        return frontier.SingleOrDefault();
    }

    private bool IsProportional(string value, string x)
    {
        while (value != x)
        {
            if (!producers.TryGetValue(value, out var node) || node.Inputs.Where(moving.Contains).ToArray() is not [var only])
            {
                return false;
            }

            if (!(node.Op is "Mul" or "Neg" or "Cast" or "Identity" || (node.Op == "Div" && node.Inputs[0] == only)))
            {
                return false;
            }

            value = only;
        }

        return true;
    }

    private bool Vanishes(string value, string x)
    {
        if (value == x)
        {
            return true;
        }

        if (!producers.TryGetValue(value, out var node))
        {
            return false;
        }

        return node.Op switch
        {
            "Mul" => node.Inputs.Exists(input => moving.Contains(input) && Vanishes(input, x)),
            "Div" => moving.Contains(node.Inputs[0]) && Vanishes(node.Inputs[0], x),
            "Pow" => graph.ScalarOf(node.Inputs[1]) > 0 && Vanishes(node.Inputs[0], x),
            "Neg" or "Cast" or "Identity" or "Abs" or "Tanh" or "Erf" or "Relu" or "LeakyRelu" => Vanishes(node.Inputs[0], x),
            _ => false,
        };
    }
}
