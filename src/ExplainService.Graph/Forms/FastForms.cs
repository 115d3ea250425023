using ExplainService.Graph.Rewrites;

namespace ExplainService.Graph.Forms;

/// <summary>int8 versions of a model's forward form; which products they compute in int8 is the caller's choice.</summary>
public sealed class FastForms(FormCompiler compiler)
{
    private readonly QuantiseProducts quantiser = new([]);

    /// <summary>The products that can be computed in int8, in graph order.</summary>
    public IReadOnlyList<WeightProduct> Products { get; } = QuantiseProducts.Find(compiler.ForwardGraph());

    /// <summary>ids → logits with these products in int8.</summary>
    public Form Compile(IReadOnlySet<string> products)
    {
        var graph = compiler.ForwardGraph();
        quantiser.Apply(graph, products);
        return Form.Of("fast", graph);
    }
}
