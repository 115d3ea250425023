namespace ExplainService.Graph.Gradients;

/// <summary>Normalisations whose scale stands still: what is left of each is linear.</summary>
internal static class HeldNorms
{
    /// <summary>The rules by domain and operator.</summary>
    public static IReadOnlyDictionary<(string Domain, string Op), Action<GradientStep>> Rules { get; } =
        new Dictionary<(string, string), Action<GradientStep>>
        {
            [("", "LayerNormalization")] = step => NormGradientRules.LayerNormalization(step, held: true),
            [("", "SimplifiedLayerNormalization")] = step => NormGradientRules.RootMeanSquare(step, held: true),
            [("", "RMSNormalization")] = step => NormGradientRules.RootMeanSquare(step, held: true),
            [("", "InstanceNormalization")] = step => ChannelRules.InstanceNormalization(step, held: true),
            [("", "GroupNormalization")] = step => ChannelRules.GroupNormalization(step, held: true),
            [("", "LpNormalization")] = step => ChannelRules.LpNormalization(step, held: true),
        };
}
