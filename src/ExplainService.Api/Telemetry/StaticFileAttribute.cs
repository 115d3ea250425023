namespace ExplainService.Api.Telemetry;

/// <summary>Marks files that are served as they are: measured as one series, however many there are.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StaticFileAttribute : Attribute;
