namespace ExplainService.Api.Contracts;

/// <summary>The answer of <c>/health/ready</c> when all is well.</summary>
/// <param name="Status"><c>ready</c>.</param>
public sealed record HealthAnswer(string Status);
