using ExplainService.Graph.Operators;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Gradients;

/// <summary>
/// The rules of relevance: scales of norms, slopes of activations and, by variant, attention and gates stand still, and the rest is linear
/// (methods.md, Relevance). What is neither linear nor recognised is refused, so that no plain gradient is ever taken for relevance.
/// </summary>
/// <remarks>Made for one walk over one graph: it counts what that walk met.</remarks>
internal sealed class RelevanceRules : GradientRules
{
    private readonly ModelGraph graph;
    private readonly GradientVariant variant;
    private readonly Dictionary<string, HeldValue> attention;
    private readonly Dictionary<string, HeldValue> norms;
    private readonly HashSet<Node> insideSoftmax;
    private readonly HashSet<object> counted = [];
    private FrozenParts frozen = new(0, 0, 0, 0);
    private (IReadOnlySet<string> Moving, ActivationProducts Activations, GatedProducts Gates)? products;

    /// <summary>Recognises what stands still.</summary>
    /// <param name="graph">The graph, sorted.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="targets">What relevance is of: the embeddings.</param>
    /// <param name="variant">Not the plain one.</param>
    public RelevanceRules(ModelGraph graph, InferredShapes shapes, IReadOnlyCollection<string> targets, GradientVariant variant)
    {
        (this.graph, this.variant) = (graph, variant);
        var moving = Influence.Of(graph, shapes, targets, new HashSet<string>());
        var softmaxes = KeySoftmax.Find(graph, shapes).Where(softmax => moving.Contains(softmax.Softmax.Value)).ToArray();
        insideSoftmax = [.. softmaxes.SelectMany(softmax => softmax.Inside)];
        attention = ByResult(variant == GradientVariant.CpLrp ? softmaxes.Select(softmax => softmax.Softmax) : []);
        norms = ByResult(NormStatistics.Find(graph, moving));
        Held = attention.Values.Concat(norms.Values).Select(held => held.Value).ToHashSet();
    }

    /// <inheritdoc/>
    public override IReadOnlySet<string> Held { get; }

    /// <summary>What the walk met of it.</summary>
    public FrozenParts Frozen => frozen;

    /// <inheritdoc/>
    public override GradientRule Of(Node node, IReadOnlySet<string> moving)
    {
        foreach (var output in node.Outputs)
        {
            Count(attention.GetValueOrDefault(output), parts => parts with { Attention = parts.Attention + 1 });
            Count(norms.GetValueOrDefault(output), parts => parts with { Norm = parts.Norm + 1 });
        }

        if (insideSoftmax.Contains(node))
        {
            return PlainRules.Instance.Of(node, moving);
        }

        var plain = GradientTable.Rules.GetValueOrDefault((node.Domain, node.Op));
        List<int> varying = [.. Influence.Inputs(node, moving)];
        if (HeldNorms.Rules.TryGetValue((node.Domain, node.Op), out var norm) && varying.TrueForAll(input => input is 0 or 2))
        {
            Count(node, parts => parts with { Norm = parts.Norm + 1 });
            return new GradientRule(norm);
        }

        if (HeldSlopes.Of(graph, node) is { } slope)
        {
            Count(node, parts => parts with { Activation = parts.Activation + 1 });
            return new GradientRule(slope);
        }

        var isProduct = node.Op is "Mul" or "MatMul" or "Einsum" || (node.Op == "Gemm" && varying.TrueForAll(input => input < 2));
        return plain is null ? throw Refused(node)
            : isProduct && varying.Count > 1 ? Product(node, plain, moving)
            : isProduct || IsLinear(node, varying) ? Linear(node, plain)
            : throw Refused(node);
    }

    private static Dictionary<string, HeldValue> ByResult(IEnumerable<HeldValue> held)
    {
        var byResult = new Dictionary<string, HeldValue>();
        foreach (var value in held)
        {
            value.Results.ToList().ForEach(result => byResult[result] = value);
        }

        return byResult;
    }

    private static UnsupportedGradientException Refused(Node node) =>
        new(node, "is neither linear nor part of a norm, an attention or an activation that is known: relevance does not pass it");

    private GradientRule Linear(Node node, Action<GradientStep> plain)
    {
        if (node.Has(OperatorTrait.Activation) && !node.Is("Clip"))
        {
            Count(node, parts => parts with { Activation = parts.Activation + 1 });
        }

        return new GradientRule(plain);
    }

    private bool IsLinear(Node node, List<int> varying) =>
        node.Op switch
        {
            "Div" => varying is [0],
            "Gemm" => varying is [0] or [2] or [0, 2],
            "Pow" => varying is [0] && graph.ScalarOf(node.Inputs[1]) == 1,
            "PRelu" => varying is [0],
            "ScatterND" or "ScatterElements" => node.Text("reduction") is null or "none" or "add",
            _ => node.Has(OperatorTrait.Linear),
        };

    /// <summary>Two moving operands: an activation that is written out, a gate, or attention's products.</summary>
    private GradientRule Product(Node node, Action<GradientStep> plain, IReadOnlySet<string> moving)
    {
        if (node.Op == "Mul")
        {
            if (products?.Moving != moving)
            {
                var found = new ActivationProducts(graph, moving);
                products = (moving, found, new GatedProducts(graph, moving, found));
            }

            var (_, activations, gates) = products.Value;
            if (activations.VanishingFactor(node) is { } factor)
            {
                Count(node, parts => parts with { Activation = parts.Activation + 1 });
                return HeldSlopes.OneFactor(factor);
            }

            Count(node, parts => parts with { Gate = parts.Gate + 1 });
            if (variant == GradientVariant.CpLrp && gates.LinearBranch(node) is { } branch)
            {
                return HeldSlopes.OneFactor(branch);
            }
        }
        else if (variant == GradientVariant.CpLrp)
        {
            return new GradientRule(plain);
        }

        return new GradientRule(step =>
        {
            step.Halve();
            plain(step);
        });
    }

    private void Count(object? part, Func<FrozenParts, FrozenParts> count)
    {
        if (part is not null && counted.Add(part))
        {
            frozen = count(frozen);
        }
    }
}
