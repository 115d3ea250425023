using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>
/// Further explanations of what a request is about, for methods that are about explanations. They go through the same pipeline: the same
/// checks, and the outer request's model, tokens, units, prediction and target, its share of the queue, its clocks.
/// </summary>
public interface INestedExplanations
{
    /// <summary>Whether a request's method scores parts of a text.</summary>
    bool ScoresParts(TextRequest request);

    /// <summary>What a request of an endpoint is, with nothing but defaults; null: the endpoint scores no parts of a text.</summary>
    TextRequest? Default(string endpoint);

    /// <summary>Whether a model has all that a feature of the API needs (<c>saliency.gradient</c>).</summary>
    bool Supports(ModelDescription model, string feature);

    /// <summary>Whether a method reads a text in windows as it is asked, there and in the outer request.</summary>
    bool ReadsWindows(TextRequest request, ExplanationContext outer);

    /// <summary>Whether what a request's method reads follows from the words' embeddings as they are given.</summary>
    bool ReadsEmbeddings(TextRequest request);

    /// <summary>Refuses values that make no sense for any model.</summary>
    /// <exception cref="InvalidRequestException">400, with the fields as the nested request has them.</exception>
    void Check(TextRequest request);

    /// <summary>About how many rows a request will ask for.</summary>
    long ExpectedRows(TextRequest request, ExplanationContext outer);

    /// <summary>Explains what the outer request is about by another method.</summary>
    /// <param name="request">The method's request, with its own fields; what the outer request says of text and target is filled in.</param>
    /// <param name="outer">The outer request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<Explanation> ExplainAsync(TextRequest request, ExplanationContext outer, CancellationToken cancellationToken);

    /// <summary>The outer request's target as another function of the same logits; rows that the model has scored are not scored again.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="outer">The outer request.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<ResolvedTarget> ResolveAsync(Objective objective, ExplanationContext outer, CancellationToken cancellationToken);
}
