using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;

namespace ExplainService.Methods.Targets;

/// <summary>What a model says of an input, and what of it is explained.</summary>
/// <param name="Prediction">As the answer shows it.</param>
/// <param name="Answer">The target as the answer shows it.</param>
/// <param name="Function">f over the logits of each window's row.</param>
/// <param name="Windows">Rows ready to be scored; one unless the text is read in windows.</param>
public sealed record TaskReading(
    Prediction Prediction, TargetAnswer Answer, TargetFunction Function, IReadOnlyList<InputWindow> Windows)
{
    /// <summary>Labels of the outputs, where every class is explained at once: name and index.</summary>
    public IReadOnlyList<(string Label, int Index)>? OutputLabels { get; init; }

    /// <summary>Which output is the answer's own (the predicted class) where several are explained.</summary>
    public int MainOutput { get; init; }
}

/// <summary>What a reader starts from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Request">The request.</param>
/// <param name="Input">Tokens and windows.</param>
/// <param name="Work">How rows are run.</param>
public sealed record TaskQuestion(ILoadedModel Model, ExplainRequest Request, PreparedInput Input, WorkOptions Work);

/// <summary>A task: how to read predictions from logits and targets from requests. One file a task.</summary>
public interface ITaskReader
{
    /// <summary>The task.</summary>
    ModelTask Task { get; }

    /// <summary>Runs the model on the input and reads its prediction and the target.</summary>
    /// <exception cref="InvalidRequestException">The target does not fit the task or the text.</exception>
    Task<TaskReading> ReadAsync(TaskQuestion question, CancellationToken cancellationToken);
}
