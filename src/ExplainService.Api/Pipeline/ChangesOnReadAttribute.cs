namespace ExplainService.Api.Pipeline;

/// <summary>Marks endpoints whose GET may change what the service does: it loads a model.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChangesOnReadAttribute : Attribute;
