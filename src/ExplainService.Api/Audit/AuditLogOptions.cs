using System.ComponentModel.DataAnnotations;

namespace ExplainService.Api.Audit;

/// <summary>Configuration section <c>AuditLog</c>.</summary>
internal sealed class AuditLogOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "AuditLog";

    /// <summary>The file that a line is appended to for every explanation, every job and what is done to models and jobs; null: none is kept.</summary>
    public string? File { get; init; }

    /// <summary>Megabytes at which the file is put aside and a new one begun; 0: never.</summary>
    [Range(0, 1 << 20)]
    public int MaxMegabytes { get; init; }

    /// <summary>Whether each day (UTC) has a file of its own.</summary>
    public bool Daily { get; init; }
}
