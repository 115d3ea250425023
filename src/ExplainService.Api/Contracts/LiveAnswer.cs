namespace ExplainService.Api.Contracts;

/// <summary>The answer of <c>/health/live</c>.</summary>
/// <param name="Status"><c>live</c>.</param>
/// <param name="Version">The version of the service.</param>
public sealed record LiveAnswer(string Status, string Version);
