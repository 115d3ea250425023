using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>What a model says of an input, and what of it is explained.</summary>
/// <param name="Prediction">As the answer shows it.</param>
/// <param name="Answer">The target as the answer shows it.</param>
/// <param name="Function">f over the logits of each window's row.</param>
/// <param name="Windows">Rows ready to be scored: one, unless the text is read in windows or is one of several that are read apart.</param>
public sealed record ResolvedTarget(Prediction Prediction, TargetAnswer Answer, TargetFunction Function, IReadOnlyList<InputWindow> Windows)
{
    /// <summary>What f is the difference to, as the answer shows it; null: f is no difference.</summary>
    public TargetAnswer? Against { get; init; }

    /// <summary>What the outputs are, where every class or entity is explained at once.</summary>
    public IReadOnlyList<OutputLabel>? OutputLabels { get; init; }

    /// <summary>
    /// Which output is the answer's own (the predicted class, the sum over generated tokens) where several are explained.
    /// </summary>
    public int MainOutput { get; init; }

    /// <summary>How f is made of the windows' scores.</summary>
    public ScoreCombination Combination { get; init; } = MeanOfWindows.Instance;

    /// <summary>
    /// All windows as one row, where f is one function of them inside the graph (two texts that are compared); null where each is a row of
    /// its own.
    /// </summary>
    public InputWindow? Joint { get; init; }

    /// <summary>The row that an answer about the inside of a single pass shows, where it is one of several texts; null: there is no such row.</summary>
    public ShownRow? Shown { get; init; }

    /// <summary>The tokens of a generation, of which the first outputs are one each; null for tasks that do not generate.</summary>
    public GeneratedTarget? Generation { get; init; }
}

/// <summary>One of several rows that are read apart.</summary>
/// <param name="Input">Its texts and tokens.</param>
/// <param name="Window">The row, and the score that f reads of it.</param>
/// <param name="Slope">∂f/∂score; null: f reads several scores of it.</param>
public sealed record ShownRow(PreparedInput Input, InputWindow Window, double? Slope);

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

/// <summary>What an adapter starts from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Request">The request.</param>
/// <param name="Input">Tokens and windows.</param>
/// <param name="Work">How rows are run.</param>
/// <param name="Warnings">Gets what who reads the answer must know of the target.</param>
public sealed record TaskInput(
    ILoadedModel Model,
    TextRequest Request,
    PreparedInput Input,
    WorkOptions Work,
    ICollection<Warning> Warnings
)
{
    /// <summary>How many entries of a vocabulary (or spans) the prediction lists.</summary>
    public int TopK => Request.ListedEntries ?? 5;

    /// <summary>The logits of one row.</summary>
    public ValueTask<Logits> PredictAsync(TokenRow row, CancellationToken cancellationToken) =>
        Model.Runner.PredictAsync([row], Work, cancellationToken).SingleAsync(cancellationToken);
}

/// <summary>A task: how logits become a prediction, and a request's target a function of them. One file a task.</summary>
public interface ITaskAdapter
{
    /// <summary>The task.</summary>
    ModelTask Task { get; }

    /// <summary>Tokens of the model's limit to keep free for what follows the text.</summary>
    /// <exception cref="InvalidRequestException">The target is not valid.</exception>
    int Reserve(ILoadedModel model, TextRequest request, CancellationToken cancellationToken) => 0;

    /// <summary>Whether the request or the text says what is to be explained, or something is by default.</summary>
    bool HasTarget(TaskInput task) => true;

    /// <summary>
    /// The row and columns that <see cref="ResolveAsync"/> will read and explain, where they can be told before the model has said anything:
    /// a gradient's own pass is then the prediction too. Null: they cannot.
    /// </summary>
    ForeseenTarget? Foresee(TaskInput task) => null;

    /// <summary>Runs the model on the input: its prediction, and what of it is explained.</summary>
    /// <exception cref="InvalidRequestException">The target does not fit the task or the text.</exception>
    Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken);
}
