using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Inside;

/// <summary>What looks inside a model is about one pass over one row.</summary>
internal static class SingleRow
{
    private const string Several = "The answer is made of several passes of the model; what is inside is shown of a single one.";

    /// <summary>Why a model's predictions are never a single pass; null: they are.</summary>
    public static string? Refuses(ModelDescription model) => model.Task == ModelTask.FeatureExtraction ? Several : null;

    /// <summary>Refuses a target that is made of several passes, and one that is several.</summary>
    /// <exception cref="InvalidRequestException">Two texts are compared, labels of the caller's own weighed, or all labels wanted (422).</exception>
    public static void Require(ExplanationContext context)
    {
        if (context.Input.ReadsApart)
        {
            throw InvalidRequestException.CannotDo(context.Request.Labels is null ? "pair" : "labels", Several);
        }

        if (context.Request.Target?.Labels is not null)
        {
            throw InvalidRequestException.CannotDo("target.labels", "What is inside is shown for one target; name one label.");
        }
    }
}
