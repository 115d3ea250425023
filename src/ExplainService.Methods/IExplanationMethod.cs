using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods;

/// <summary>
/// The explanation behind one endpoint. One file each, beside its request; the catalogue finds it by itself, and the route, the JSON, the
/// OpenAPI document, <c>/models</c>, captions and the explorer follow from what stands here.
/// </summary>
public interface IExplanationMethod
{
    /// <summary>Its route, as in <c>/shap</c>.</summary>
    string Path { get; }

    /// <summary>What it is called in captions and lists.</summary>
    string Title { get; }

    /// <summary>What it answers, in a few words, for the OpenAPI document.</summary>
    string Summary { get; }

    /// <summary>Fields beside <c>text</c> of the document's example request.</summary>
    JsonObject Example { get; }

    /// <summary>The request record that it answers.</summary>
    Type RequestType { get; }

    /// <summary>The record of its answers.</summary>
    Type AnswerType { get; }

    /// <summary>How both cross the wire.</summary>
    IJsonTypeInfoResolver Json { get; }

    /// <summary>What it offers and needs.</summary>
    IReadOnlyList<SupportedFeature> Features { get; }

    /// <summary>Why it says nothing of pictures, in a sentence; null: it explains them too.</summary>
    string? NoPicturesReason { get; }

    /// <summary>Whether units of a picture may be regions of any shape, rather than the model's patches alone.</summary>
    bool ScoresSuperpixels { get; }

    /// <summary>Whether it can read a text in windows.</summary>
    bool ReadsWindows { get; }

    /// <summary>Why a request that it could read in windows is not, in a sentence; null: it is.</summary>
    string? NoWindowsReason(ExplainRequest request);

    /// <summary>Whether it scores changed texts, which the int8 form can do (<c>precision: "fast"</c>).</summary>
    bool Perturbs { get; }

    /// <summary>Whether it shows the model pictures with units of any shape hidden.</summary>
    bool HidesUnits { get; }

    /// <summary>Whether it explains a prediction, so that there must be one.</summary>
    bool NeedsPrediction { get; }

    /// <summary>Whether anything in it may be drawn at random, so that the answer says from which seed.</summary>
    bool IsSeeded { get; }

    /// <summary>Whether it says nothing without a target, where the task has none by default.</summary>
    bool NeedsTarget(ExplainRequest request);

    /// <summary>
    /// By which rules it propagates f back once, from the text itself, so that this pass shows the prediction too; null: it does not.
    /// </summary>
    Propagation? OnePass(ExplainRequest request);

    /// <summary>Size of the units that it scores where the request names none; null: it scores no units.</summary>
    Granularity? Units { get; }

    /// <summary>Whether its answers score parts of the text, so that they can be judged.</summary>
    bool ScoresParts { get; }

    /// <summary>Whether it asks for the same rows again and again, as several methods do of one text, so that they are worth remembering.</summary>
    bool AsksAgain { get; }

    /// <summary>Whether what it reads of the model follows from the words' embeddings as they are given, rather than from the tokens.</summary>
    bool ReadsEmbeddings(ExplainRequest request);

    /// <summary>What this request's answer is called in a caption.</summary>
    string TitleOf(ExplainRequest request);

    /// <summary>The request with what some of its fields say of others; before it is checked.</summary>
    ExplainRequest Normalised(ExplainRequest request);

    /// <summary>About how many rows it will ask the model for, for admission to weigh; 0: few.</summary>
    long ExpectedRows(ExplainRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units);

    /// <summary>
    /// About how many bytes it will hold beyond what grows with the text alone, for admission to weigh before anything is computed; 0: few.
    /// </summary>
    long ExpectedBytes(ExplainRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units);

    /// <summary>Why it cannot answer with what there is when the deadline passes; null: it can.</summary>
    string? NoPartialResultReason(ExplainRequest request);

    /// <summary>Refuses values that make no sense for any model (400).</summary>
    void Check(ExplainRequest request);

    /// <summary>
    /// Fields that are set and that this request has no use for: the answer says so, rather than seem to have heeded them.
    /// </summary>
    IEnumerable<string> Unused(ExplainRequest request);

    /// <summary>Explains: the answer's own fields. What follows from the request (model, prediction, target, tokens …) the pipeline fills in.</summary>
    Task<Explanation> ExplainAsync(ExplainRequest request, ExplanationContext context, CancellationToken cancellationToken);
}

/// <summary>A method for one type of request.</summary>
/// <typeparam name="TRequest">Its request record.</typeparam>
/// <typeparam name="TAnswer">Its answer record.</typeparam>
public abstract class ExplanationMethod<TRequest, TAnswer> : IExplanationMethod
    where TRequest : ExplainRequest
    where TAnswer : Explanation
{
    /// <inheritdoc/>
    public abstract string Path { get; }

    /// <inheritdoc/>
    public abstract string Title { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public virtual JsonObject Example => [];

    /// <inheritdoc/>
    public Type RequestType => typeof(TRequest);

    /// <inheritdoc/>
    public Type AnswerType => typeof(TAnswer);

    /// <inheritdoc/>
    public abstract IJsonTypeInfoResolver Json { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<SupportedFeature> Features { get; }

    /// <inheritdoc/>
    public virtual string? NoPicturesReason => $"{Path} is about texts; it says nothing of pictures.";

    /// <inheritdoc/>
    public virtual bool ScoresSuperpixels => false;

    /// <inheritdoc/>
    public virtual bool ReadsWindows => false;

    /// <inheritdoc/>
    public virtual bool Perturbs => false;

    /// <inheritdoc/>
    public virtual bool HidesUnits => Perturbs;

    /// <inheritdoc/>
    public virtual bool NeedsPrediction => true;

    /// <inheritdoc/>
    public virtual bool IsSeeded => true;

    /// <inheritdoc/>
    public virtual Granularity? Units => null;

    /// <inheritdoc/>
    public virtual bool ScoresParts => Units is not null;

    /// <inheritdoc/>
    public virtual bool AsksAgain => false;

    /// <inheritdoc/>
    public bool ReadsEmbeddings(ExplainRequest request) => ReadsEmbeddings((TRequest)request);

    /// <inheritdoc/>
    public ExplainRequest Normalised(ExplainRequest request) => Normalised((TRequest)request);

    /// <inheritdoc/>
    public string? NoWindowsReason(ExplainRequest request) => NoWindowsReason((TRequest)request);

    /// <inheritdoc/>
    public bool NeedsTarget(ExplainRequest request) => NeedsTarget((TRequest)request);

    /// <inheritdoc/>
    public Propagation? OnePass(ExplainRequest request) => OnePass((TRequest)request);

    /// <inheritdoc/>
    public string TitleOf(ExplainRequest request) => TitleOf((TRequest)request);

    /// <inheritdoc/>
    public long ExpectedRows(ExplainRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        ExpectedRows((TRequest)request, model, input, units);

    /// <inheritdoc/>
    public long ExpectedBytes(ExplainRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        ExpectedBytes((TRequest)request, model, input, units);

    /// <inheritdoc/>
    public string? NoPartialResultReason(ExplainRequest request) => NoPartialResultReason((TRequest)request);

    /// <inheritdoc/>
    public void Check(ExplainRequest request) => Check((TRequest)request);

    /// <inheritdoc/>
    public IEnumerable<string> Unused(ExplainRequest request) => Unused((TRequest)request);

    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(ExplainRequest request, ExplanationContext context, CancellationToken cancellationToken) =>
        await ExplainAsync((TRequest)request, context, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="IExplanationMethod.ReadsEmbeddings"/>
    protected virtual bool ReadsEmbeddings(TRequest request) => true;

    /// <inheritdoc cref="IExplanationMethod.Normalised"/>
    protected virtual TRequest Normalised(TRequest request) => request;

    /// <inheritdoc cref="IExplanationMethod.NoWindowsReason"/>
    protected virtual string? NoWindowsReason(TRequest request) => null;

    /// <inheritdoc cref="IExplanationMethod.NeedsTarget"/>
    protected virtual bool NeedsTarget(TRequest request) => true;

    /// <inheritdoc cref="IExplanationMethod.OnePass"/>
    protected virtual Propagation? OnePass(TRequest request) => null;

    /// <inheritdoc cref="IExplanationMethod.TitleOf"/>
    protected virtual string TitleOf(TRequest request) => Title;

    /// <inheritdoc cref="IExplanationMethod.ExpectedRows"/>
    protected virtual long ExpectedRows(TRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) => 0;

    /// <inheritdoc cref="IExplanationMethod.ExpectedBytes"/>
    protected virtual long ExpectedBytes(TRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) => 0;

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
    protected abstract Task<TAnswer> ExplainAsync(TRequest request, ExplanationContext context, CancellationToken cancellationToken);
}
