namespace ExplainService.Api.Contracts;

/// <summary>The answer of the health endpoints when all is well.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthAnswer(string Status);
