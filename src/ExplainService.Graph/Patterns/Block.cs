namespace ExplainService.Graph.Patterns;

/// <summary>A block of a stack: attention and a feed-forward network around the residual stream.</summary>
/// <param name="Map">Its attention; of a decoder its attention to itself.</param>
/// <param name="Input">The stream before it, [batch, sequence, hidden].</param>
/// <param name="Output">The stream behind it, [batch, sequence, hidden].</param>
/// <param name="Activation">
/// The inner activation of its feed-forward network, after the nonlinearity (of a gated one the product that enters the last matrix),
/// [batch, sequence, inner]; null: none was found.
/// </param>
public sealed record Block(AttentionMap Map, string Input, string Output, string? Activation);
