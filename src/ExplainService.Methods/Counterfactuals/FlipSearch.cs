using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>
/// Tokens that become others of the vocabulary: candidates by the gradient of what holds the prediction, beam search, each text read by the
/// model (HotFlip, Ebrahimi et al. 2018).
/// </summary>
internal sealed class FlipSearch : ICounterfactualSearch
{
    /// <summary>Entries of one token among the candidates of a text: others of it mean much the same.</summary>
    private const int EachToken = 8;

    /// <inheritdoc/>
    public CounterfactualKind Kind => CounterfactualKind.Flip;

    /// <inheritdoc/>
    public string? NoPicturesReason =>
        "Tokens become others of a vocabulary, and a picture's patches have none; \"remove\" and \"reduce\" hide them.";

    /// <inheritdoc/>
    public bool Changes(CounterfactualRequest request) => true;

    /// <inheritdoc/>
    public Task<FoundTexts> RunAsync(SearchInput input, CancellationToken cancellationToken) =>
        new SubstitutionSearch(
            input,
            (text, count, stop) => ProposeAsync(input, text, count, stop),
            input.Request.MaxEdits ?? SubstitutionSearch.DefaultEdits
        ).RunAsync(cancellationToken);

    private static async Task<IReadOnlyList<EditedText>> ProposeAsync(
        SearchInput input,
        EditedText text,
        int count,
        CancellationToken cancellationToken
    )
    {
        var (judge, context) = (input.Judge, input.Judge.Context);
        if (await judge.ReadAsync(text, cancellationToken).ConfigureAwait(false) is not { } read)
        {
            return [];
        }

        var f = SaliencyInput.Of(context.Of(read.Input, read.Resolved), read.Resolved.MainOutput, [], Propagation.Gradient);
        judge.Count(1);
        if (
            await f.GradientsAsync([f.Embed()], cancellationToken).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false)
            is not { } result
        )
        {
            return [];
        }

        // A copy: what the scheduler gives may be remembered for others.
        var gradient = (float[])result.Gradient.Clone();
        TensorPrimitives.Multiply(gradient, judge.Goal.Sign, gradient);
        var places = Places(input, text, read.Input).ToDictionary(place => place.Token);
        var (pieces, candidates) = await LongComputation
            .RunAsync(() => Candidates(context, f.Row.Ids, gradient, [.. places.Keys.Order()], cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var proposals = new List<EditedText>();
        foreach (var candidate in candidates)
        {
            var (token, edit) = places[candidate.Token];
            var form = context.Model.Tokenizer.TokenText(f.Row.Ids[token]);
            var instead = pieces.TextOf(candidate.Id, edit.To, form);
            if (
                proposals.Count < count
                && !string.Equals(instead, edit.To, StringComparison.OrdinalIgnoreCase)
                && text.With(edit with { To = instead }) is { } proposal
            )
            {
                proposals.Add(proposal);
            }
        }

        return proposals;
    }

    private static (VocabularyPieces Pieces, IReadOnlyList<Replacing> Candidates) Candidates(
        ExplanationContext context,
        int[] ids,
        float[] gradient,
        int[] places,
        CancellationToken cancellationToken
    )
    {
        var pieces = VocabularyPieces.Of(context.Model.Tokenizer);
        return (
            pieces,
            FirstOrder.Lowest(
                context.Runner,
                ids,
                gradient,
                places,
                (own, other) => own != other && pieces.AreAlike(own, other),
                EachToken,
                cancellationToken
            )
        );
    }

    /// <summary>Tokens of a changed text that may be replaced, each with the stretch of the text as sent that it stands for.</summary>
    private static IEnumerable<(int Token, TextEdit Edit)> Places(SearchInput input, EditedText text, Pipeline.PreparedInput changed)
    {
        foreach (var (index, token) in changed.Tokens.Tokens.Index())
        {
            if (token.Special)
            {
                continue;
            }

            var whole = changed.TextOf(token.Sequence);
            var start = WhiteSpace.Skip(whole, token.Start, token.End);
            if (text.InOriginal(token.Sequence, start, token.End) is { } place && IsFree(input, token.Sequence, place.Start, place.End))
            {
                yield return (index, new TextEdit(token.Sequence, place.Start, place.End, whole[start..token.End]));
            }
        }
    }

    /// <summary>Whether a stretch is inside a unit that may be changed.</summary>
    private static bool IsFree(SearchInput input, int sequence, int start, int end) =>
        end > start
        && input.Free.Any(unit => input.Units.Units[unit] is var one && one.Sequence == sequence && one.Start <= start && end <= one.End);
}
