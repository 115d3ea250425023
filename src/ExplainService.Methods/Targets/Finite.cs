using System.Numerics.Tensors;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>
/// Refuses to explain what is not a number, where it is read from the model. Only what is explained or shown counts: a graph may well give
/// a token that it forbids a logit of −∞.
/// </summary>
internal static class Finite
{
    private const string Logits = "logits";

    /// <summary>A number made of logits.</summary>
    /// <exception cref="NotFiniteException">It is not finite.</exception>
    public static double Score(double value) => double.IsFinite(value) ? value : throw new NotFiniteException(Logits);

    /// <summary>f and its gradient.</summary>
    /// <exception cref="NotFiniteException">They are not finite.</exception>
    public static GradientResult Gradient(GradientResult result)
    {
        Score(result.Score);
        var inside = result.Inside;
        IReadOnlyList<float[]> parts =
        [
            result.Gradient,
            result.DecoderGradient,
            .. result.Relevance ?? [],
            .. inside?.LayerScores ?? [],
            .. inside?.StateGradients ?? [],
            .. inside?.NeuronScores ?? [],
            .. inside?.HeadImportance ?? [],
        ];
        return parts.All(AllFinite) ? result : throw new NotFiniteException("gradients");
    }

    /// <summary>The maps of the layers and heads that are shown.</summary>
    /// <exception cref="NotFiniteException">They are not finite.</exception>
    public static AttentionMaps Attention(AttentionMaps maps, IEnumerable<int> layers, IReadOnlyList<int> heads) =>
        layers.All(layer => heads.All(head => AllFinite(maps.Values[layer][head]))) ? maps : throw new NotFiniteException("attention");

    /// <summary>A number made of what is inside a model.</summary>
    /// <exception cref="NotFiniteException">It is not finite.</exception>
    public static float Number(float value) => float.IsFinite(value) ? value : throw new NotFiniteException("activations");

    /// <summary>Values of layers.</summary>
    /// <exception cref="NotFiniteException">They are not finite.</exception>
    public static LayerValues Values(LayerValues values) =>
        values.Layers.All(AllFinite) ? values : throw new NotFiniteException("activations");

    // Of no values TensorPrimitives says that not all are.
    private static bool AllFinite(float[] values) => values.Length == 0 || TensorPrimitives.IsFiniteAll<float>(values);
}
