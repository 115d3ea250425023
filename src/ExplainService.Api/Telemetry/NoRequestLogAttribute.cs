namespace ExplainService.Api.Telemetry;

/// <summary>Marks endpoints that machines poll: their requests are measured, and logged only where they fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NoRequestLogAttribute : Attribute;
