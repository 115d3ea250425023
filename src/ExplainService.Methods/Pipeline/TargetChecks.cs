using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>Fields that only some tasks have are refused by the others, rather than ignored.</summary>
internal static class TargetChecks
{
    /// <summary>Why a text over the model's limit cannot be read in windows for what is asked; null: it can.</summary>
    /// <param name="model">The model.</param>
    /// <param name="explains">Whether the endpoint explains what the model says.</param>
    /// <param name="others">Where the method cannot read a text in windows: those that can.</param>
    public static string? NoWindows(ModelDescription model, bool explains, string? others) =>
        explains && Generates(model) ? "A text that is continued or rewritten is read in one pass; \"truncate\" cuts it."
        : others is null ? null
        : $"\"window\" is for methods that score whole texts ({others}); this one looks inside a single pass of the model. \"truncate\" cuts the text.";

    /// <summary>Checks a request against the model's task.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">Its request.</param>
    /// <param name="explains">Whether the endpoint explains what the model says.</param>
    /// <exception cref="InvalidRequestException">422.</exception>
    public static void Check(ModelDescription model, TextRequest request, bool explains)
    {
        var generates = Generates(model);
        if (request.MaxNewTokens is not null && !generates)
        {
            throw InvalidRequestException.CannotDo("max_new_tokens", NotSupportedByModelException.GeneratesNoText);
        }

        if (request.WindowReduction is not null && (request.Overflow != Overflow.Window || model.Task != ModelTask.TextClassification))
        {
            throw InvalidRequestException.CannotDo(
                "window_reduction",
                model.Task == ModelTask.TextClassification
                    ? "\"window_reduction\" says how the windows of \"overflow\": \"window\" are combined; this request has none."
                    : "Only classifications of a whole text combine windows; other targets are read in the one window that shows the most around them."
            );
        }

        if (generates && explains && request.Pair is not null)
        {
            throw InvalidRequestException.CannotDo("pair", "This model continues a single text; what belongs to it must be in \"text\".");
        }

        if (
            model.Task == ModelTask.FeatureExtraction
            && explains
            && (request.Target is not null || request.Objective is not null)
            && (request.Pair is null || model.Unsupported.ContainsKey(ModelFeature.Predict))
        )
        {
            throw InvalidRequestException.CannotDo(
                request.Target is not null ? "target" : "objective",
                model.Unsupported.GetValueOrDefault(ModelFeature.Predict)
                    ?? "The model has no task head; without a second text in \"pair\" there is nothing to explain."
            );
        }

        if (
            request.Against is not null
            && (model.Task == ModelTask.FeatureExtraction || model.Link == Link.Identity || request.Labels is { Count: 1 })
        )
        {
            throw InvalidRequestException.CannotDo(
                "against",
                request.Labels is null
                    ? "There is nothing to compare with: a similarity, or a model with a single number for an answer, has no second target."
                    : "There is nothing to compare with: give two labels or more, and one of them as \"against\"."
            );
        }

        if (request.Labels is not null && Hypotheses.EntailmentOf(model) is null)
        {
            var names = string.Join(", ", model.Labels.Take(20).Select(label => '"' + label + '"'));
            throw InvalidRequestException.CannotDo(
                "labels",
                "Labels of your own need a classifier of natural language inference, one of whose labels is \"entailment\"; this model "
                    + (names.Length == 0 ? "is none." : $"has {names}.")
            );
        }
    }

    private static bool Generates(ModelDescription model) => model.Task is ModelTask.TextGeneration or ModelTask.Text2textGeneration;
}
