using System.Text;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Privacy;
using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs.Inputs;

/// <summary>One row of an input, as kept until the job is removed.</summary>
internal sealed record InputRow
{
    /// <summary>Its number in the input, from 1.</summary>
    public required long Row { get; init; }

    /// <summary>The caller's name of it; null: its number.</summary>
    public RequestId? Id { get; init; }

    /// <summary>The text; null where the row is wrong.</summary>
    public string? Text { get; init; }

    /// <summary>A picture in place of the text, in base64.</summary>
    public string? Image { get; init; }

    /// <summary>The second text.</summary>
    public string? Pair { get; init; }

    /// <summary>The true label, as given.</summary>
    public string? Label { get; init; }

    /// <summary>By what the caller tells rows apart.</summary>
    public string? Slice { get; init; }

    /// <summary>Stretches of its text that are masked, a JSON list of [start, end]; never kept.</summary>
    [JsonIgnore]
    public string? Redact { get; init; }

    /// <summary>Whether its answer is another job's, so that no model is asked.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>That answer, as JSON; null where that job has none.</summary>
    public string? Answer { get; init; }

    /// <summary>What its answer is compared with, as JSON.</summary>
    public string? Before { get; init; }

    /// <summary>Whether that was answered to the same text.</summary>
    public bool? HasSameText { get; init; }

    /// <summary>What is wrong with the row.</summary>
    public Problem? Problem { get; init; }

    /// <summary>About how many bytes it takes.</summary>
    [JsonIgnore]
    public int Size =>
        32
        + (Text?.Length ?? 0)
        + (Image?.Length ?? 0)
        + (Answer?.Length ?? 0)
        + (Before?.Length ?? 0)
        + (Pair?.Length ?? 0)
        + (Label?.Length ?? 0)
        + (Slice?.Length ?? 0)
        + (Id?.Json.Length ?? 0);

    /// <summary>The row without what is masked: as it is kept, and all that is done with it.</summary>
    /// <param name="redaction">The patterns.</param>
    /// <param name="unit">What its own spans count.</param>
    public InputRow Masked(Redaction redaction, OffsetUnit unit)
    {
        if (Redact is not { } spans || Text is not { } whole)
        {
            return Masked(redaction);
        }

        try
        {
            // Patterns first, which keep lengths: of a number that a span has cut, no pattern would know the rest.
            var masked = Masked(redaction);
            return masked with { Text = SpanMask.Masked(masked.Text ?? whole, spans, unit) };
        }
        catch (InvalidRequestException refused)
        {
            return Wrong(Row, refused.Message, Id).Masked(redaction);
        }
    }

    private InputRow Masked(Redaction redaction) =>
        redaction.IsOn
            ? this with
            {
                Id = MaskedJson(redaction, Id?.Json) is { } id ? new RequestId(id) : null,
                Text = Text is { } text ? redaction.Masked(text) : null,
                Pair = Pair is { } pair ? redaction.Masked(pair) : null,
                Label = Label is { } label ? redaction.Masked(label) : null,
                Slice = Slice is { } slice ? redaction.Masked(slice) : null,
                Answer = MaskedJson(redaction, Answer),
                Before = MaskedJson(redaction, Before),
            }
            : this;

    private static string? MaskedJson(Redaction redaction, string? json) =>
        json is null ? null : Encoding.UTF8.GetString(redaction.Masked(Encoding.UTF8.GetBytes(json).AsMemory()).Span);

    /// <summary>A row that cannot be read.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="problem">What is wrong, in a sentence.</param>
    /// <param name="id">Its name, as far as it could be read.</param>
    public static InputRow Wrong(long row, string problem, RequestId? id = null) =>
        new()
        {
            Row = row,
            Id = id,
            Problem = ProblemMapper.Create(400, problem),
        };
}
