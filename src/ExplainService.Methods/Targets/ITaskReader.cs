using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>What a model says of an input, and what of it is explained.</summary>
/// <param name="Prediction">As the answer shows it.</param>
/// <param name="Answer">The target as the answer shows it.</param>
/// <param name="Function">f over the logits of each window's row.</param>
/// <param name="Windows">Rows ready to be scored; one unless the text is read in windows.</param>
public sealed record TaskReading(Prediction Prediction, TargetAnswer Answer, TargetFunction Function, IReadOnlyList<InputWindow> Windows)
{
    /// <summary>What the outputs are, where every class or entity is explained at once.</summary>
    public IReadOnlyList<OutputLabel>? OutputLabels { get; init; }

    /// <summary>
    /// Which output is the answer's own (the predicted class, the sum over generated tokens) where several are explained.
    /// </summary>
    public int MainOutput { get; init; }

    /// <summary>The tokens of a generation, of which the first outputs are one each; null for tasks that do not generate.</summary>
    public GenerationReading? Generation { get; init; }
}

/// <summary>What one of several outputs is.</summary>
/// <param name="Label">The class.</param>
/// <param name="Index">Its index.</param>
public sealed record OutputLabel(string Label, int Index)
{
    /// <summary>The tokens of an entity.</summary>
    public IReadOnlyList<int>? Tokens { get; init; }

    /// <summary>The text of an entity.</summary>
    public string? Text { get; init; }
}

/// <summary>What a reader starts from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Request">The request.</param>
/// <param name="Input">Tokens and windows.</param>
/// <param name="Work">How rows are run.</param>
/// <param name="Warnings">Gets what a reader of the answer must know of the target.</param>
public sealed record TaskQuestion(
    ILoadedModel Model,
    ExplainRequest Request,
    PreparedInput Input,
    WorkOptions Work,
    ICollection<string> Warnings
)
{
    /// <summary>How many entries of a vocabulary (or spans) the prediction lists.</summary>
    public int TopK => (Request as PredictRequest)?.TopK ?? 5;

    /// <summary>The logits of one row.</summary>
    public ValueTask<Logits> PredictAsync(ModelRow row, CancellationToken cancellationToken) =>
        Model.Runner.PredictAsync([row], Work, cancellationToken).SingleAsync(cancellationToken);
}

/// <summary>A task: how to read predictions from logits and targets from requests. One file a task.</summary>
public interface ITaskReader
{
    /// <summary>The task.</summary>
    ModelTask Task { get; }

    /// <summary>Tokens of the model's limit to keep free for what follows the text.</summary>
    /// <exception cref="InvalidRequestException">The target cannot be read.</exception>
    int Reserve(ILoadedModel model, ExplainRequest request) => 0;

    /// <summary>Whether the request or the text says what is to be explained, or something is by default.</summary>
    bool HasTarget(TaskQuestion question) => true;

    /// <summary>Runs the model on the input and reads its prediction and the target.</summary>
    /// <exception cref="InvalidRequestException">The target does not fit the task or the text.</exception>
    Task<TaskReading> ReadAsync(TaskQuestion question, CancellationToken cancellationToken);
}
