using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>A validated request with its tokens, its prediction and its target: all that a method starts from.</summary>
public sealed record ExplanationContext
{
    /// <summary>The model.</summary>
    public required ILoadedModel Model { get; init; }

    /// <summary>The request as it came.</summary>
    public required TextRequest Request { get; init; }

    /// <summary>Texts, tokens and what of them the model sees.</summary>
    public required PreparedInput Input { get; init; }

    /// <summary>The units to score, from coarse to fine; none for methods that score none.</summary>
    public required UnitHierarchy Units { get; init; }

    /// <summary>What the model says and what of it is explained; null for models without a head and for <c>/tokenize</c>.</summary>
    public required ResolvedTarget? Resolved { get; init; }

    /// <summary>How rows are run and counted.</summary>
    public required WorkOptions Work { get; init; }

    /// <summary>When the best answer so far is wanted.</summary>
    public required Deadline Deadline { get; init; }

    /// <summary>Other explanations of the same input, where this one is about them.</summary>
    public INestedExplanations? Nested { get; init; }

    /// <summary>What who reads the answer must know; becomes its warnings and their codes.</summary>
    public List<Warning> Warnings { get; init; } = [];

    /// <summary>How the model's predictions are read; null for models without a task that is explained.</summary>
    public ITaskAdapter? Adapter { get; init; }

    /// <summary>The other models that are served, for methods that ask one of them.</summary>
    public IModelRegistry? Models { get; init; }

    /// <summary>The abstract model.</summary>
    public IModelRunner Runner => Model.Runner;

    /// <summary>Seed of every random draw.</summary>
    public long Seed => Request.Seed ?? 0;

    /// <summary>The same, for methods that explain a prediction.</summary>
    /// <exception cref="NotSupportedByModelException">The model has no head.</exception>
    public ResolvedTarget Target =>
        Resolved
        ?? throw new NotSupportedByModelException(
            Model.Description.Unsupported.GetValueOrDefault(ModelFeature.Predict)
                ?? "The model has no task head; there is no prediction to explain."
        );

    /// <summary>What the model reads: the target's row, or without one the text alone.</summary>
    public TokenRow Row => Resolved?.Windows[0].Row ?? Input.RowOf(Input.Tokens);

    /// <summary>The single row of methods that look inside the model.</summary>
    public InputWindow Window => Target.Joint ?? Target.Windows[0];

    /// <summary>The same request about one row of several that are read apart, or about one window.</summary>
    /// <param name="input">Its texts and tokens.</param>
    /// <param name="window">The row; null where nothing is explained.</param>
    /// <param name="shown">What f reads of it, where it is one of several.</param>
    public ExplanationContext Of(PreparedInput input, InputWindow? window, ShownRow? shown = null) =>
        Of(
            input,
            window is null || Resolved is null
                ? null
                : Resolved with
                {
                    Function = window.Target,
                    Windows = [window],
                    Combination = MeanOfWindows.Instance,
                    MainOutput = shown is null ? Resolved.MainOutput : 0,
                    Shown = shown,
                }
        );

    /// <summary>The same request about another text, or another target.</summary>
    /// <param name="input">Its texts and tokens.</param>
    /// <param name="resolved">What is explained of it.</param>
    public ExplanationContext Of(PreparedInput input, ResolvedTarget? resolved) => this with { Input = input, Resolved = resolved };
}
