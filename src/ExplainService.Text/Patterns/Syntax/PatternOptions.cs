namespace ExplainService.Text.Patterns.Syntax;

/// <summary>What <c>(?imx)</c> switches.</summary>
/// <param name="IgnoreCase">Letters match those they fold with.</param>
/// <param name="DotAll">The dot matches line feeds (Ruby's <c>m</c>).</param>
/// <param name="Extended">White space and comments in the pattern mean nothing.</param>
internal readonly record struct PatternOptions(bool IgnoreCase, bool DotAll, bool Extended);
