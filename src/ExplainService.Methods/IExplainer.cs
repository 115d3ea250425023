using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>The one pipeline from a request to its answer; knows neither HTTP nor ONNX Runtime.</summary>
public interface IExplainer
{
    /// <summary>Validates the request, runs the method of its type and answers.</summary>
    /// <param name="request">One of the request records of <see cref="Contracts"/>.</param>
    /// <param name="work">How its rows are run; its meter counts what they cost.</param>
    /// <param name="clock">What may end it, beside the deadline that it brings itself; rows that have not run by then are dropped.</param>
    /// <exception cref="InvalidRequestException">400 or 422 with fields.</exception>
    /// <exception cref="DeadlineExceededException">504.</exception>
    /// <exception cref="ModelNotFoundException">404.</exception>
    /// <exception cref="ModelNotUsableException">422.</exception>
    /// <exception cref="NotSupportedByModelException">422.</exception>
    /// <exception cref="NotFiniteException">422.</exception>
    /// <exception cref="ServiceBusyException">429, or 503 while draining.</exception>
    Task<Explanation> ExplainAsync(ExplainRequest request, WorkOptions work, RequestClock clock);

    /// <summary>
    /// For every feature of the API (<c>saliency.integrated_gradients</c>, …) whether a model supports it.
    /// </summary>
    IReadOnlyDictionary<string, FeatureSupport> Support(ModelDescription model);
}
