using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>A model of pictures and texts with the caller's labels: a classifier of pictures that has these.</summary>
/// <param name="model">The model.</param>
/// <param name="labels">The labels, in the order of what its rows are compared with.</param>
internal sealed class PicturesByLabels(ILoadedModel model, IReadOnlyList<string> labels) : ModelDecorator(model)
{
    private readonly ModelDescription description = model.Description with { Task = ModelTask.ImageClassification, Labels = labels };

    /// <inheritdoc/>
    public override ModelDescription Description => description;
}
