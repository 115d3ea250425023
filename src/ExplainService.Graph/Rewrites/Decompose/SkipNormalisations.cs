namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>com.microsoft.SkipLayerNormalization: the residual sum and its normalisation.</summary>
internal sealed class SkipLayerNormalizationRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "SkipLayerNormalization")];

    public bool Apply(RewriteStep step)
    {
        var sum = step.Need(0) + step.Need(1);
        if (step.In(4) is { } bias)
        {
            sum += bias;
        }

        var outputs = step.Tape.Emit(
            "LayerNormalization",
            [sum, step.Need(2), step.In(3)],
            step.Wants(1) || step.Wants(2) ? 3 : 1,
            "",
            ("axis", -1L),
            ("epsilon", step.Node.Float("epsilon", 1e-12f))
        );
        for (var i = 0; i < outputs.Length; i++)
        {
            step.Out(i, outputs[i]);
        }

        step.Out(3, sum);
        return true;
    }
}

/// <summary>com.microsoft.SkipSimplifiedLayerNormalization: the same without a mean (Zhang and Sennrich 2019).</summary>
internal sealed class SkipSimplifiedLayerNormalizationRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "SkipSimplifiedLayerNormalization")];

    public bool Apply(RewriteStep step)
    {
        if (step.Wants(1) || step.Wants(2))
        {
            return false;
        }

        var sum = step.Need(0) + step.Need(1);
        if (step.In(3) is { } bias)
        {
            sum += bias;
        }

        step.Out(
            0,
            step.Tape.Emit(
                "SimplifiedLayerNormalization",
                [sum, step.Need(2)],
                ("axis", -1L),
                ("epsilon", step.Node.Float("epsilon", 1e-12f))
            )
        );
        step.Out(3, sum);
        return true;
    }
}
