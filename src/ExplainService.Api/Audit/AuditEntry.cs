using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ExplainService.Api.Audit;

/// <summary>A line of the audit log: what was asked of whom by whom, and what came of it; of texts their hashes alone.</summary>
internal sealed record AuditEntry
{
    /// <summary>Its number, from 1.</summary>
    public long Number { get; init; }

    /// <summary>When it was answered.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>When work on it began; null of what takes no time.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Who asked; null: whoever reached the port.</summary>
    public string? Who { get; init; }

    /// <summary>Finds the request in the log.</summary>
    public string? TraceId { get; init; }

    /// <summary>How often it was tried in vain before, as a line of a stream is that waits for room; null: never.</summary>
    public int? Retries { get; init; }

    /// <summary>
    /// The method, as in <c>/shap</c>; <c>/jobs</c> for a job that was posted; of what is done to a model or job the route, as in <c>DELETE /jobs/{id}</c>.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>The model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>The hash of its files.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>The hash of the texts.</summary>
    public string? InputSha256 { get; init; }

    /// <summary>All other fields of the request; strings that could be a text are there as their hashes.</summary>
    public JsonNode? Parameters { get; init; }

    /// <summary>The seed of random draws.</summary>
    public long? Seed { get; init; }

    /// <summary>The job that was begun, or that something was done to.</summary>
    public string? Job { get; init; }

    /// <summary><c>answered</c>, <c>posted</c>, <c>done</c>, or the kind of the problem.</summary>
    public required string Outcome { get; init; }

    /// <summary>The hash of the answer as JSON.</summary>
    public string? AnswerSha256 { get; init; }

    /// <summary>The hash of the line before.</summary>
    public string Previous { get; init; } = "";
}

/// <summary>Lines as they are written.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata
)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
