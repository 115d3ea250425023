using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Contracts;

/// <summary>What a job does with the rows of its input.</summary>
public enum JobKind
{
    /// <summary>What the model says of each row.</summary>
    Predict,

    /// <summary>An explanation of each row.</summary>
    Explain,

    /// <summary>Which words matter over all rows: what the figures of the whole set lose without them.</summary>
    Importance,

    /// <summary>An explanation of each row, summed up by words and labels.</summary>
    Global,

    /// <summary>Simple models that are taught what the model says of each row.</summary>
    Surrogate,

    /// <summary>Which explanation can be trusted most: <c>/compare</c> over the rows.</summary>
    Compare,

    /// <summary>What raises neurons: <c>/neurons</c> with the rows as its corpus.</summary>
    Neurons,

    /// <summary>How answers differ from those of another model, or of an earlier job.</summary>
    Drift,
}

/// <summary>How the rows of an input are written.</summary>
public enum RowFormat
{
    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>Comma-separated values with a header (RFC 4180).</summary>
    Csv,

    /// <summary>Tab-separated values with a header; quotation marks mean nothing.</summary>
    Tsv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>A zip of pictures, a row each, whose names are the rows' ids.</summary>
    Zip,
}

/// <summary>What results are written as where <c>Accept</c> asks for nothing.</summary>
public enum OutputFormat
{
    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>Comma-separated values with a header (RFC 4180).</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}

/// <summary><c>POST /jobs</c>: a whole file of requests.</summary>
public sealed record JobRequest
{
    /// <summary>What is done.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Where the rows are; left out where a part <c>file</c> brings them.</summary>
    public JobInput? Input { get; init; }

    /// <summary>Which columns (or fields of lines) hold what.</summary>
    public JobColumns? Columns { get; init; }

    /// <summary>
    /// What every row is asked: <c>endpoint</c> (as in <c>/shap</c>; of kinds <c>explain</c>, <c>global</c> and <c>drift</c>) and that endpoint's own fields, without
    /// <c>text</c>. For <c>importance</c> also <c>features</c>, <c>draws</c> and <c>seed</c>; for <c>compare</c> the fields of <c>/compare</c> without
    /// <c>texts</c>; for <c>neurons</c> those of <c>/neurons</c> without <c>corpus</c>.
    /// </summary>
    public JsonElement? Request { get; init; }

    /// <summary>Of kind <c>drift</c>: what the answers are compared with.</summary>
    public DriftBaseline? Against { get; init; }

    /// <summary>Which rows are worked on, by what the model says of them; the others are skipped and have no result.</summary>
    public RowFilter? OnlyIf { get; init; }

    /// <summary>What the results are written as.</summary>
    public JobOutput? Output { get; init; }

    /// <summary>Whether the evidence holds the report for people; default <c>true</c>.</summary>
    public bool? Report { get; init; }

    /// <summary>A name for people, up to 200 characters.</summary>
    [StringLength(200)]
    public string? Name { get; init; }
}

/// <summary>Where the rows of a job are.</summary>
public sealed record JobInput
{
    /// <summary>A file below <c>Jobs:InputDirectory</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The texts themselves.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Of kind <c>drift</c>: a job that has ended, whose answers are compared; no model is asked.</summary>
    public string? Job { get; init; }

    /// <summary>How the file is written; left out, its name says it.</summary>
    public RowFormat? Format { get; init; }
}

/// <summary>What answers are compared with: one of the two.</summary>
public sealed record DriftBaseline
{
    /// <summary>A job that has ended: its answers to the rows of the same numbers.</summary>
    public string? Job { get; init; }

    /// <summary>Another model, which is asked the same.</summary>
    public string? Model { get; init; }
}

/// <summary>Names of columns, or of fields of lines.</summary>
public sealed record JobColumns
{
    /// <summary>The text; default <c>text</c>.</summary>
    public string? Text { get; init; }

    /// <summary>A second text; default <c>pair</c>, where there is one.</summary>
    public string? Pair { get; init; }

    /// <summary>The true label, by name or by index; default <c>label</c>, where there is one.</summary>
    public string? Label { get; init; }

    /// <summary>By what summary and report tell rows apart, such as a product or a month; default nothing.</summary>
    public string? Slice { get; init; }

    /// <summary>
    /// Stretches of the text that are masked before the row is kept, <c>[[start, end], …]</c> in the request's <c>offset_unit</c>, in CSV and Parquet as a text;
    /// default nothing.
    /// </summary>
    public string? Redact { get; init; }

    /// <summary>The caller's name of a row; default <c>id</c>, where there is one, else the row's number.</summary>
    public string? Id { get; init; }
}

/// <summary>Conditions on what the model says of a row; all that are given must hold.</summary>
public sealed record RowFilter
{
    /// <summary>The predicted label is this.</summary>
    public LabelRequest? Label { get; init; }

    /// <summary>The predicted label is not this.</summary>
    public LabelRequest? NotLabel { get; init; }

    /// <summary>The predicted label's probability is under this.</summary>
    [Range(0.0, 1.0)]
    public double? ProbabilityBelow { get; init; }

    /// <summary>The predicted label's probability is over this.</summary>
    [Range(0.0, 1.0)]
    public double? ProbabilityAbove { get; init; }

    /// <summary><c>true</c>: the prediction is not the row's own label; <c>false</c>: it is. Rows without a label are skipped.</summary>
    public bool? Wrong { get; init; }
}

/// <summary>How results are written.</summary>
public sealed record JobOutput
{
    /// <summary>The format; default <c>ndjson</c>.</summary>
    public OutputFormat? Format { get; init; }
}
