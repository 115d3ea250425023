using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>The catalogue's methods on what an outer request has prepared.</summary>
/// <param name="catalog">The methods and tasks.</param>
/// <param name="time">The clock, for elapsed times.</param>
internal sealed class NestedExplanations(MethodCatalog catalog, TimeProvider time) : INestedExplanations
{
    /// <inheritdoc/>
    public bool ScoresParts(TextRequest request) => catalog.For(request).ScoresParts;

    /// <inheritdoc/>
    public TextRequest? Default(string endpoint) =>
        catalog.Methods.FirstOrDefault(method => method.Path == endpoint && method.ScoresParts) is { } method
            ? (TextRequest)Activator.CreateInstance(method.RequestType)!
            : null;

    /// <inheritdoc/>
    public bool Supports(ModelDescription model, string feature) =>
        catalog.Methods.SelectMany(method => method.Features).FirstOrDefault(known => known.Name == feature) is { } found
        && found.ReasonAgainst(model) is null;

    /// <inheritdoc/>
    public bool ReadsWindows(TextRequest request, ExplanationContext outer)
    {
        var method = catalog.For(request);
        return method.ReadsWindows && method.NoWindowsReason(NestedRequests.Filled(method, request, outer.Request)) is null;
    }

    /// <inheritdoc/>
    public bool ReadsEmbeddings(TextRequest request) => catalog.For(request).ReadsEmbeddings(request);

    /// <inheritdoc/>
    public void Check(TextRequest request)
    {
        RequestChecks.CheckOwn(request);
        catalog.For(request).Check(request);
    }

    /// <inheritdoc/>
    public long ExpectedRows(TextRequest request, ExplanationContext outer) =>
        NestedRequests.ExpectedRows(catalog.For(request), request, outer.Request, outer.Model.Description, outer.Input, outer.Units);

    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(TextRequest request, ExplanationContext outer, CancellationToken cancellationToken)
    {
        var method = catalog.For(request);
        request = NestedRequests.Filled(method, request, outer.Request);
        var warnings = new List<Warning>(method.Unused(request).Select(FieldWarnings.Ignored));
        var context = outer with
        {
            Request = request,
            Units = method.Units is null ? UnitHierarchy.None : outer.Units,
            Work = outer.Work with
            {
                Meter = outer.Work.Meter.Step(),
                Precision = method.Perturbs ? outer.Work.Precision : Precision.Exact,
            },
            Warnings = warnings,
        };
        await outer
            .Work.HoldingAsync(method.ExpectedBytes(request, outer.Model.Description, outer.Input, context.Units), cancellationToken)
            .ConfigureAwait(false);
        var started = time.GetTimestamp();
        var answer = await method.ExplainAsync(request, context, cancellationToken).ConfigureAwait(false);
        return answer with
        {
            Title = method.TitleOf(request),
            Method = answer.Method.Length > 0 ? answer.Method : method.Path.TrimStart('/'),
            ElapsedMs = Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 3),
            Warnings = [.. warnings.Select(warning => warning.Text)],
            WarningCodes = [.. warnings.Select(warning => warning.Code)],
        };
    }

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(Objective objective, ExplanationContext outer, CancellationToken cancellationToken)
    {
        var adapter =
            catalog.AdapterOf(outer.Model.Description.Task) ?? throw new NotSupportedByModelException("There is no prediction to explain.");
        var task = new TaskInput(
            outer.Model,
            outer.Request with
            {
                Objective = objective,
            },
            outer.Input,
            outer.Work with
            {
                Precision = Precision.Exact,
            },
            []
        );
        return await adapter.ResolveAsync(task, cancellationToken).ConfigureAwait(false);
    }
}
