using System.Text.Json;

namespace ExplainService.Jobs.Outputs;

/// <summary>A result as a row of a table: what most readers want in columns, and the whole line.</summary>
internal sealed record FlatResult
{
    /// <summary>Names of the columns, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    ["row", "id", "label", "prediction", "probability", "units", "problem_status", "problem_detail", "answer"];

    public required long Row { get; init; }

    public required string Id { get; init; }

    /// <summary>The row's own label.</summary>
    public required string? Label { get; init; }

    /// <summary>The predicted label.</summary>
    public required string? Prediction { get; init; }

    public required double? Probability { get; init; }

    /// <summary>Units with their scores, as JSON.</summary>
    public required string? Units { get; init; }

    public required int? ProblemStatus { get; init; }

    public required string? ProblemDetail { get; init; }

    /// <summary>The line of NDJSON.</summary>
    public required string Answer { get; init; }

    /// <summary>Reads a line.</summary>
    public static FlatResult Of(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var prediction = root.TryGetProperty("prediction", out var predicted) ? predicted : default;
        var hasProblem = root.TryGetProperty("status", out var status);
        return new FlatResult
        {
            Row = root.GetProperty("row").GetInt64(),
            Id = Text(root, "id") ?? "",
            Label = Text(root, "label"),
            Prediction = prediction.ValueKind == JsonValueKind.Object ? Text(prediction, "label") ?? Text(prediction, "text") : null,
            Probability =
                prediction.ValueKind == JsonValueKind.Object && prediction.TryGetProperty("probability", out var probability)
                    ? probability.GetDouble()
                    : null,
            Units = root.TryGetProperty("units", out var units) ? units.GetRawText() : null,
            ProblemStatus = hasProblem ? status.GetInt32() : null,
            ProblemDetail = hasProblem ? Text(root, "detail") : null,
            Answer = root.GetRawText(),
        };
    }

    private static string? Text(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.GetRawText();
}
