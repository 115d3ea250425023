using ExplainService.Runtime;

namespace ExplainService.Methods.Contracts;

/// <summary>
/// Codes of what an answer warns of, beside those of its model (<see cref="ModelWarningCode"/>). They never change, whatever becomes of the
/// sentences.
/// </summary>
public static class WarningCode
{
    /// <summary>A field that is set does not apply to this request and was ignored.</summary>
    public const string FieldIgnored = "field_ignored";

    /// <summary>A picture was compared with one label alone, whose probability is then 1 whatever the picture.</summary>
    public const string SingleLabel = "single_label";

    /// <summary>The answer was computed in int8 (<c>precision: "fast"</c>); the text says how far that is from the model.</summary>
    public const string FastPrecision = "fast_precision";

    /// <summary><c>/tokenize</c>: the text has more tokens than the model takes.</summary>
    public const string TextTooLong = "text_too_long";

    /// <summary>The end of the text was cut off (<c>overflow: "truncate"</c>); <c>unseen</c> lists what the model did not see.</summary>
    public const string TextTruncated = "text_truncated";

    /// <summary>The model's chat template leaves out some of a message's content, which the model does not see.</summary>
    public const string ContentLeftOut = "content_left_out";

    /// <summary>Tokens of the text are unknown to the model; <c>unknown</c> of <c>tokens</c> tells which.</summary>
    public const string UnknownTokens = "unknown_tokens";

    /// <summary>The text was read in overlapping windows (<c>overflow: "window"</c>).</summary>
    public const string TextInWindows = "text_in_windows";

    /// <summary>Neighbouring units of a text in windows were changed together and share one score.</summary>
    public const string UnitsGrouped = "units_grouped";

    /// <summary>An evaluation is one of the whole text; windows without a change were not computed again.</summary>
    public const string WindowsReused = "windows_reused";

    /// <summary>The deadline passed: this is the best answer so far.</summary>
    public const string DeadlinePassed = "deadline_passed";

    /// <summary>The earlier generated tokens have no <c>generated_scores</c>: the deadline or the budget left none for them.</summary>
    public const string NoGeneratedScores = "no_generated_scores";

    /// <summary>The generation was stopped by the default of <c>max_new_tokens</c>.</summary>
    public const string GenerationStopped = "generation_stopped";

    /// <summary>Text and continuation were tokenized apart, as they would share a token.</summary>
    public const string ContinuationTokenizedApart = "continuation_tokenized_apart";

    /// <summary>All entities were asked for and the model finds none.</summary>
    public const string NoEntity = "no_entity";

    /// <summary>The tokenizer has no mask token; another token replaced removed units, or they were deleted.</summary>
    public const string NoMaskToken = "no_mask_token";

    /// <summary>The tokenizer has no padding token; another token or zero stands for it in the baseline.</summary>
    public const string NoPaddingToken = "no_padding_token";

    /// <summary>The baseline text has more or fewer tokens than the text.</summary>
    public const string BaselineLength = "baseline_length";

    /// <summary>Tokens that the target names stay in place when their unit is removed or replaced.</summary>
    public const string TargetTokensKept = "target_tokens_kept";

    /// <summary>Longer replacements took rows over the model's limit; tokens at the end of a window were left out there.</summary>
    public const string ReplacementsCut = "replacements_cut";

    /// <summary>A level of the hierarchy has a single unit, which has no other to put in its place and so no score.</summary>
    public const string SingleUnit = "single_unit";

    /// <summary>Units that were replaced only once have no standard error.</summary>
    public const string NoStandardError = "no_standard_error";

    /// <summary>The budget was too small to score the parts of some units of a hierarchy.</summary>
    public const string PartsNotScored = "parts_not_scored";

    /// <summary><c>algorithm: "exact"</c> holds for the coarsest units of a hierarchy only; the scores inside them are estimates.</summary>
    public const string ExactForTopLevel = "exact_for_top_level";

    /// <summary><c>algorithm: "partition"</c>: adjacent units whose group was not opened share its worth equally.</summary>
    public const string GroupsNotOpened = "groups_not_opened";

    /// <summary>Interactions are estimates, not counted over all coalitions.</summary>
    public const string InteractionsEstimated = "interactions_estimated";

    /// <summary>The tolerance that the request names was not reached.</summary>
    public const string ToleranceNotReached = "tolerance_not_reached";

    /// <summary>Too few evaluations to tell the units apart.</summary>
    public const string FewEvaluations = "few_evaluations";

    /// <summary>LIME: the ridge penalty alone decides the scores.</summary>
    public const string PenaltyDecides = "penalty_decides";

    /// <summary>LIME: the ridge penalty makes the scores noticeably smaller.</summary>
    public const string PenaltyShrinks = "penalty_shrinks";

    /// <summary>The scores miss more than 5 % of what they should add up to.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The dequantised or widened function that was differentiated gives another value than the model.</summary>
    public const string FunctionDiffers = "function_differs";

    /// <summary>Several tokens were generated; <c>scores</c> are the mean of their relevance rows.</summary>
    public const string RelevanceAveraged = "relevance_averaged";

    /// <summary>No change of the text was found that does what is asked.</summary>
    public const string NoCounterfactual = "no_counterfactual";

    /// <summary>Fewer changes of the text were found than are wanted.</summary>
    public const string FewerCounterfactuals = "fewer_counterfactuals";

    /// <summary>A metric, its random orders or its limits were left out: the sentence says why.</summary>
    public const string MetricLeftOut = "metric_left_out";

    /// <summary>A method of a comparison was left out: the sentence says why.</summary>
    public const string MethodLeftOut = "method_left_out";

    /// <summary>Which method is the more faithful one depends on what stands in for removed units.</summary>
    public const string ReplacementsDisagree = "replacements_disagree";

    /// <summary>The picture moves; its first frame was read.</summary>
    public const string FirstFrame = "first_frame";

    /// <summary>The picture is transparent in places; the colours that are stored there were read.</summary>
    public const string TransparencyDropped = "transparency_dropped";

    /// <summary>The quality of the scores was not measured, as the deadline passed.</summary>
    public const string QualityNotMeasured = "quality_not_measured";
}
