namespace ExplainService.Methods.Perturbation;

/// <summary>f of the text as it is.</summary>
internal static class WholeText
{
    /// <summary>[outputs], by the model itself.</summary>
    public static async Task<double[]> ScoreAsync(ExplanationContext context, CancellationToken cancellationToken)
    {
        WindowPart[] windows = [.. context.Target.Windows.Select(window => new WindowPart(new ScoredRow(window.Row, window.Target), null))];
        return await new WindowScorer(context)
            .ScoreAsync([windows], cancellationToken)
            .SingleAsync(cancellationToken)
            .ConfigureAwait(false);
    }
}
