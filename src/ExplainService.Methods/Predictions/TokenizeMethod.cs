using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Predictions;

/// <summary><c>/tokenize</c>: the tokens that the model would see.</summary>
public sealed class TokenizeMethod : ExplanationMethod<TokenizeRequest>
{
    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("tokenize", [])];

    /// <inheritdoc/>
    public override bool NeedsPrediction => false;

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(TokenizeRequest request) =>
        Set(("target", request.Target), ("objective", request.Objective), ("granularity", request.Granularity), ("spans", request.Spans));

    /// <inheritdoc/>
    protected override Task<Explanation> ExplainAsync(
        TokenizeRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(context.Answer("tokenize") with { Seed = null });
}
