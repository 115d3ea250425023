using System.Text.Json.Serialization.Metadata;

namespace ExplainService.Methods.Predictions;

/// <summary><c>/tokenize</c>: the tokens that the model would see.</summary>
public sealed class TokenizeMethod : ExplanationMethod<TokenizeRequest, TokenizeAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/tokenize";

    /// <inheritdoc/>
    public override string Title => "Tokens";

    /// <inheritdoc/>
    public override string Summary => "The tokens that the model sees, with their offsets in the text";

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => TokenizeJson.Default;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } = [new("tokenize", "Tokens", [])];

    /// <inheritdoc/>
    public override bool NeedsPrediction => false;

    /// <inheritdoc/>
    public override bool IsSeeded => false;

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(TokenizeRequest request) =>
        Set(("target", request.Target), ("objective", request.Objective), ("granularity", request.Granularity), ("spans", request.Spans));

    /// <inheritdoc/>
    protected override Task<TokenizeAnswer> ExplainAsync(
        TokenizeRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    ) => Task.FromResult(new TokenizeAnswer());
}
