using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>Requests that stand inside another: what the other says of text, target and units is said for them.</summary>
internal static class NestedRequests
{
    /// <summary>The request as its method reads it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The request, with its own fields.</param>
    /// <param name="outer">The other.</param>
    public static TextRequest Filled(IExplanationMethod method, TextRequest request, TextRequest outer) =>
        request with
        {
            Model = outer.Model,
            Text = outer.Text,
            Image = outer.Image,
            Segments = method.Units is null ? null : outer.Segments,
            Pair = outer.Pair,
            Messages = outer.Messages,
            Prompt = outer.Prompt,
            Labels = outer.Labels,
            HypothesisTemplate = outer.HypothesisTemplate,
            Target = outer.Target,
            Against = outer.Against,
            Objective = outer.Objective,
            Overflow = outer.Overflow,
            WindowReduction = outer.WindowReduction,
            OffsetUnit = outer.OffsetUnit,
            MaxNewTokens = outer.MaxNewTokens,
            Precision = method.Perturbs ? outer.Precision : null,
            Seed = request.Seed ?? outer.Seed,
            Granularity = method.Units is null ? null : outer.Granularity,
            Spans = method.Units is null ? null : outer.Spans,
        };

    /// <summary>About how many rows it will ask the model for.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The request, with its own fields.</param>
    /// <param name="outer">The other.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">The text.</param>
    /// <param name="units">Its units.</param>
    public static long ExpectedRows(
        IExplanationMethod method,
        TextRequest request,
        TextRequest outer,
        ModelDescription model,
        PreparedInput input,
        UnitHierarchy units
    ) => method.ExpectedRows(Filled(method, request, outer), model, input, method.Units is null ? UnitHierarchy.None : units);
}
