namespace ExplainService.Api.Audit;

/// <summary>Configuration section <c>AuditLog</c>.</summary>
internal sealed class AuditLogOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "AuditLog";

    /// <summary>The file that a line is appended to for every explanation and every job; null: none is kept.</summary>
    public string? File { get; init; }
}
