using ExplainService.Methods.Inside;

namespace ExplainService.Jobs.Contracts;

/// <summary><c>GET /jobs/{id}/summary</c>: what all results so far say together.</summary>
public sealed record JobSummary
{
    /// <summary>The job.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>How far it is: the summary of a job that runs is of the rows up to the first that is not done.</summary>
    public required JobState State { get; init; }

    /// <summary>Rows with an answer.</summary>
    public required long Answered { get; init; }

    /// <summary>Rows with a problem.</summary>
    public required long Failed { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>What it predicts.</summary>
    public required IReadOnlyList<LabelShare> Predictions { get; init; }

    /// <summary>How well it does, over the rows that have a label of their own.</summary>
    public Performance? Performance { get; init; }

    /// <summary>For each label that was explained, the words that speak for it and against it: strongest mean first.</summary>
    public IReadOnlyList<LabelWords>? Words { get; init; }

    /// <summary>Of kind <c>importance</c>: the drop of each figure without a feature, strongest drop of the mean probability first.</summary>
    public IReadOnlyList<FeatureImportance>? Features { get; init; }

    /// <summary>Of kind <c>surrogate</c>: how far simple models can speak for the model, and what they say.</summary>
    public SurrogateSummary? Surrogate { get; init; }

    /// <summary>Of kind <c>compare</c>: which explanation is the most faithful.</summary>
    public ComparisonSummary? Comparison { get; init; }

    /// <summary>Of kind <c>neurons</c>: what raises each of them; <c>text</c> of an example is its row's number.</summary>
    public IReadOnlyList<NeuronMeaning>? Meanings { get; init; }

    /// <summary>Of kind <c>drift</c>: how the answers differ from those that they are compared with.</summary>
    public DriftSummary? Drift { get; init; }

    /// <summary>Rows by the caller's column (<c>columns.slice</c>).</summary>
    public IReadOnlyList<SliceSummary>? Slices { get; init; }

    /// <summary>Where in the texts the scores lie.</summary>
    public ShortcutSummary? Shortcuts { get; init; }

    /// <summary>How far the scores can be trusted, where they were measured (<c>"quality": "basic"</c>, kind <c>compare</c>).</summary>
    public FaithfulnessSummary? Faithfulness { get; init; }

    /// <summary>What a reader must know to read the numbers right, in sentences.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>A predicted label.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Rows">How many rows it is predicted for.</param>
/// <param name="Share">Of all.</param>
/// <param name="MeanProbability">Of it, over those rows.</param>
public sealed record LabelShare(string Label, long Rows, double Share, double? MeanProbability);

/// <summary>How well predictions fit the rows' own labels.</summary>
public sealed record Performance
{
    /// <summary>Rows with a label that the model knows.</summary>
    public required long Rows { get; init; }

    /// <summary>Share of rows whose label is predicted.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean of the F1 of every label that is predicted or true.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Mean of −log p of the true label.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean probability of the true label.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>Mean distance of confidence and accuracy over ten bins of confidence, weighted by their rows (Guo et al. 2017).</summary>
    public required double ExpectedCalibrationError { get; init; }

    /// <summary>Labels with their precision and recall.</summary>
    public required IReadOnlyList<LabelPerformance> Labels { get; init; }

    /// <summary>The bins of confidence that have rows.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }
}

/// <summary>One label.</summary>
public sealed record LabelPerformance(string Label, long Rows, double Precision, double Recall, double F1);

/// <summary>Rows whose predicted label has a probability from one number up to another.</summary>
public sealed record ReliabilityBin(double From, double To, long Rows, double Confidence, double Accuracy);

/// <summary>Words of the rows that one label was explained of.</summary>
public sealed record LabelWords(string Label, long Rows, IReadOnlyList<WordScore> Words);

/// <summary>What a word contributes to a label.</summary>
/// <param name="Word">In lower case.</param>
/// <param name="Documents">Rows that hold it.</param>
/// <param name="Occurrences">How often it stands in them.</param>
/// <param name="Mean">Of its score.</param>
/// <param name="MeanAbsolute">Of its score's size.</param>
/// <param name="Low">Lower end of the mean's 95 % interval; none of a single occurrence.</param>
/// <param name="High">Its upper end.</param>
public sealed record WordScore(string Word, long Documents, long Occurrences, double Mean, double MeanAbsolute, double? Low, double? High);

/// <summary>How much a feature matters.</summary>
/// <param name="Feature">A word or a phrase.</param>
/// <param name="Documents">Rows that hold it.</param>
/// <param name="Exclusion">With it removed from every text that holds it.</param>
/// <param name="Permutation">With words of other texts in its places: means over the draws.</param>
public sealed record FeatureImportance(string Feature, long Documents, Drops Exclusion, Drops? Permutation);

/// <summary>How much worse the model does over all rows; negative: better.</summary>
/// <param name="Accuracy">Drop of accuracy; of rows without a label of their own, of agreement with the whole text's prediction.</param>
/// <param name="MacroF1">Drop of macro F1.</param>
/// <param name="LogLoss">Rise of the log loss.</param>
/// <param name="MeanProbability">Drop of the mean probability of the label.</param>
public sealed record Drops(Estimate Accuracy, Estimate MacroF1, Estimate LogLoss, Estimate MeanProbability);

/// <summary>A number with its bootstrap 95 % interval over the rows.</summary>
public sealed record Estimate(double Value, double Low, double High);
