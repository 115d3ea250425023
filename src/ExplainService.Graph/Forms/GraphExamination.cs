using ExplainService.Graph.Gradients;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites.Decompose;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Forms;

/// <summary>Looks for what forms are made of.</summary>
internal static class GraphExamination
{
    /// <summary>The report.</summary>
    /// <param name="plain">The graph that gradients and taps are made from.</param>
    /// <param name="made">Where that is the decomposed one: what it was made from.</param>
    /// <param name="patches">Of a model of pictures: how they become its sequence.</param>
    public static GraphReport Of(ModelGraph plain, DecomposedGraph? made, PatchLayout? patches)
    {
        var shapes = InferredShapes.Of(plain);
        var lookups = EmbeddingLookup.Find(plain).OrderBy(lookup => lookup.Ids.StartsWith("decoder", StringComparison.Ordinal)).ToArray();
        string[] sources = patches is null ? [.. lookups.Select(lookup => lookup.Output)] : [FormNames.Embeddings];
        var attention = AttentionMap.Find(plain, shapes, lookups, patches);
        string[] outputs =
        [
            .. plain.Outputs.Select(output => output.Name).Where(name => name is "logits" or "start_logits" or "end_logits"),
        ];
        if (outputs.Length == 0 && plain.Outputs.Count > 0)
        {
            outputs = [plain.Outputs[0].Name];
        }

        if (outputs.Length == 2 && outputs[0] == "end_logits")
        {
            Array.Reverse(outputs);
        }

        var rank =
            outputs.Length == 0 ? 0 : shapes[outputs[0]].Rank ?? plain.Outputs.Find(output => output.Name == outputs[0])!.Dims?.Count ?? 0;
        var head = rank == 2 && outputs.Length == 1 ? ClassifierHead.Find(plain, shapes, outputs[0]) : HeadPosition.Unknown;
        var obstacle =
            sources.Length == 0
                ? EmbeddingLookup.NotFound
                : EmbeddingInputs.SecondTable(lookups) ?? Backward.FindUnsupportedOperator(plain, shapes, outputs, sources)?.Message;
        string[] tokens = patches is null
            ? [.. lookups.Where(lookup => lookup.Ids == lookups[0].Ids).Select(lookup => lookup.Output)]
            : [FormNames.Embeddings];
        var blocks = BlockStack.Find(plain, shapes, [.. attention.Where(map => map.Role == AttentionRole.Self)], tokens, outputs);
        return new GraphReport(lookups, attention, outputs, rank, head, obstacle)
        {
            Quantised = made?.Quantised,
            Widened = made?.Widened,
            Blocks = blocks,
            Neurons = blocks is [{ Activation: { } activation }, ..] ? shapes[activation].Dims?[^1].Value : null,
            Patches = patches,
            Windows = patches is not null && attention.Count == 0 ? AttentionMap.WindowOf(plain, shapes) : null,
            NoVariant = obstacle is null ? VariantObstacles(plain, shapes, outputs, sources) : [],
        };
    }

    private static Dictionary<GradientVariant, string> VariantObstacles(
        ModelGraph plain,
        InferredShapes shapes,
        string[] outputs,
        string[] embeddings
    ) =>
        new[] { GradientVariant.CpLrp, GradientVariant.AttnLrp }
            .Select(variant => (variant, Obstacle: Backward.FindUnsupportedOperator(plain, shapes, outputs, embeddings, variant)?.Message))
            .Where(pair => pair.Obstacle is not null)
            .ToDictionary(pair => pair.variant, pair => pair.Obstacle!);
}
