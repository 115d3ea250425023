namespace ExplainService.Methods.Counterfactuals;

/// <summary>
/// The smallest sets of units whose removal changes the prediction, or, with <c>keep</c>, that alone keep it (sufficient input subsets,
/// Carter et al. 2019; Camburu et al. 2021).
/// </summary>
internal sealed class RemoveSearch : ICounterfactualSearch
{
    /// <summary>Units of a set where the request does not say.</summary>
    public const int DefaultEdits = 10;

    /// <inheritdoc/>
    public CounterfactualKind Kind => CounterfactualKind.Remove;

    /// <inheritdoc/>
    public bool Changes(CounterfactualRequest request) => request.Keep != true;

    /// <inheritdoc/>
    public async Task<FoundTexts> RunAsync(SearchInput input, CancellationToken cancellationToken)
    {
        var (request, judge) = (input.Request, input.Judge);
        var order = await UnitSupport.OrderAsync(judge, input.Units, input.Free, cancellationToken).ConfigureAwait(false);
        var sets = new UnitSets(judge, new Removals(judge.Context.Input, input.Units.Units), input.Stays, request.Keep == true);
        var search = new SetSearch(judge, sets, order, request.MaxEdits ?? DefaultEdits, input.Beam, input.Wanted);
        return await search.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
