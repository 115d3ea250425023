using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods;

/// <summary>A feature of the API as <c>/models/{id}</c> lists it, and what it needs of a model.</summary>
/// <param name="Name">Endpoint and method, as in <c>saliency.integrated_gradients</c>.</param>
/// <param name="Needs">What the model's graph must allow.</param>
public sealed record SupportedFeature(string Name, IReadOnlyList<ModelFeature> Needs)
{
    /// <summary>Why a model that has all of that is still refused; null: it is not.</summary>
    public Func<ModelDescription, string?>? Refuses { get; init; }
}

/// <summary>The explanation behind one endpoint. One file each; the catalogue finds it by itself.</summary>
public interface IExplanationMethod
{
    /// <summary>The request record that it answers.</summary>
    Type RequestType { get; }

    /// <summary>What it offers and needs.</summary>
    IReadOnlyList<SupportedFeature> Features { get; }

    /// <summary>Whether it can read a text in windows.</summary>
    bool ReadsWindows { get; }

    /// <summary>Whether it scores changed texts, which the int8 form can do (<c>precision: "fast"</c>).</summary>
    bool Perturbs { get; }

    /// <summary>Whether it explains a prediction, so that there must be one.</summary>
    bool NeedsPrediction { get; }

    /// <summary>Whether it says nothing without a target, where the task has none by default.</summary>
    bool NeedsTarget(ExplainRequest request);

    /// <summary>Size of the units that it scores where the request names none; null: it scores no units.</summary>
    Granularity? Units { get; }

    /// <summary>About how many rows it will ask the model for, for admission to weigh; 0: few.</summary>
    long ExpectedRows(ExplainRequest request, PreparedInput input, UnitHierarchy units);

    /// <summary>Why it cannot answer with what there is when the deadline passes; null: it can.</summary>
    string? NoPartialResultReason(ExplainRequest request);

    /// <summary>Refuses values that make no sense for any model (400).</summary>
    void Check(ExplainRequest request);

    /// <summary>
    /// Fields that are set and that this request has no use for: the answer says so, rather than seem to have heeded them.
    /// </summary>
    IEnumerable<string> Unused(ExplainRequest request);

    /// <summary>Explains.</summary>
    Task<Explanation> ExplainAsync(ExplainRequest request, ExplanationContext context, CancellationToken cancellationToken);
}

/// <summary>A method for one type of request.</summary>
/// <typeparam name="TRequest">Its request record.</typeparam>
public abstract class ExplanationMethod<TRequest> : IExplanationMethod
    where TRequest : ExplainRequest
{
    /// <inheritdoc/>
    public Type RequestType => typeof(TRequest);

    /// <inheritdoc/>
    public abstract IReadOnlyList<SupportedFeature> Features { get; }

    /// <inheritdoc/>
    public virtual bool ReadsWindows => false;

    /// <inheritdoc/>
    public virtual bool Perturbs => false;

    /// <inheritdoc/>
    public virtual bool NeedsPrediction => true;

    /// <inheritdoc/>
    public virtual Granularity? Units => null;

    /// <inheritdoc/>
    public bool NeedsTarget(ExplainRequest request) => NeedsTarget((TRequest)request);

    /// <inheritdoc/>
    public long ExpectedRows(ExplainRequest request, PreparedInput input, UnitHierarchy units) =>
        ExpectedRows((TRequest)request, input, units);

    /// <inheritdoc/>
    public string? NoPartialResultReason(ExplainRequest request) => NoPartialResultReason((TRequest)request);

    /// <inheritdoc/>
    public void Check(ExplainRequest request) => Check((TRequest)request);

    /// <inheritdoc/>
    public IEnumerable<string> Unused(ExplainRequest request) => Unused((TRequest)request);

    /// <inheritdoc/>
    public Task<Explanation> ExplainAsync(ExplainRequest request, ExplanationContext context, CancellationToken cancellationToken) =>
        ExplainAsync((TRequest)request, context, cancellationToken);

    /// <inheritdoc cref="IExplanationMethod.NeedsTarget"/>
    protected virtual bool NeedsTarget(TRequest request) => true;

    /// <inheritdoc cref="IExplanationMethod.ExpectedRows"/>
    protected virtual long ExpectedRows(TRequest request, PreparedInput input, UnitHierarchy units) => 0;

    /// <inheritdoc cref="IExplanationMethod.NoPartialResultReason"/>
    protected virtual string? NoPartialResultReason(TRequest request) => DeadlineExceededException.NoPartialResult;

    /// <inheritdoc cref="IExplanationMethod.Check"/>
    protected virtual void Check(TRequest request) { }

    /// <inheritdoc cref="IExplanationMethod.Unused"/>
    protected virtual IEnumerable<string> Unused(TRequest request) => [];

    /// <summary>Those of the fields that the caller has set.</summary>
    protected static IEnumerable<string> Set(params IEnumerable<(string Name, object? Value)> fields) =>
        fields.Where(field => field.Value is not null).Select(field => field.Name);

    /// <inheritdoc cref="IExplanationMethod.ExplainAsync"/>
    protected abstract Task<Explanation> ExplainAsync(TRequest request, ExplanationContext context, CancellationToken cancellationToken);
}
