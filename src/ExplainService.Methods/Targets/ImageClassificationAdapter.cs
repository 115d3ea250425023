using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>A label for a picture: what a label for a text is, of other rows.</summary>
public sealed class ImageClassificationAdapter : ITaskAdapter
{
    private readonly TextClassificationAdapter classification = new();

    /// <inheritdoc/>
    public ModelTask Task => ModelTask.ImageClassification;

    /// <inheritdoc/>
    public ForeseenTarget? Foresee(TaskInput task) => classification.Foresee(task);

    /// <inheritdoc/>
    public Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken) =>
        classification.ResolveAsync(task, cancellationToken);
}
