using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>
/// Units that become what a masked language model would write in their place, each text read by the model that is explained (Ross et al.
/// 2021). The two models share nothing but the text.
/// </summary>
internal sealed class FillSearch : ICounterfactualSearch
{
    /// <summary>Units of a text for which proposals are asked.</summary>
    private const int MostUnits = 12;

    private const int FewestEach = 4;

    /// <summary>Entries of the vocabulary that are looked at for words, of which not all are.</summary>
    private const int Looked = 50;

    /// <inheritdoc/>
    public CounterfactualKind Kind => CounterfactualKind.Fill;

    /// <inheritdoc/>
    public string? NoPicturesReason =>
        "Words become what a masked language model would write, and none paints parts of a picture; \"remove\" and \"reduce\" hide them.";

    /// <inheritdoc/>
    public bool Changes(CounterfactualRequest request) => true;

    /// <inheritdoc/>
    public async Task<FoundTexts> RunAsync(SearchInput input, CancellationToken cancellationToken)
    {
        var (model, hold) = await ModelAsync(input, cancellationToken).ConfigureAwait(false);
        using var held = hold;
        var order = await UnitSupport.OrderAsync(input.Judge, input.Units, input.Free, cancellationToken).ConfigureAwait(false);
        return await new SubstitutionSearch(
            input,
            (text, count, stop) => ProposeAsync(input, model, order, text, count, stop),
            input.Request.MaxEdits ?? SubstitutionSearch.DefaultEdits
        )
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<(ILoadedModel Model, IDisposable? Hold)> ModelAsync(SearchInput input, CancellationToken cancellationToken)
    {
        var (context, models) = (input.Judge.Context, input.Judge.Context.Models!);
        if (input.Request.FillModel is not { } name)
        {
            return context.Model.Description.Task == ModelTask.FillMask
                ? (context.Model, null)
                : throw Unfit("Name the masked language model that proposes words.", models);
        }

        while (true)
        {
            ILoadedModel model;
            try
            {
                model = await models.GetAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (ModelNotFoundException)
            {
                throw Unfit("There is no such model.", models);
            }

            if (model.Description.Task != ModelTask.FillMask || model.Tokenizer.Special.MaskText is null)
            {
                throw Unfit("This model fills no masks.", models);
            }

            if (model.TryHold() is { } hold)
            {
                return (model, hold);
            }
        }
    }

    private static InvalidRequestException Unfit(string why, IModelRegistry models)
    {
        string[] fit = [.. models.List().Where(one => one.Task == ModelTask.FillMask).Select(one => one.Name)];
        return InvalidRequestException.CannotDo(
            "fill_model",
            why + (fit.Length == 0 ? " None that is served does; \"flip\" needs none." : $" Those served: {string.Join(", ", fit)}.")
        );
    }

    private static async Task<IReadOnlyList<EditedText>> ProposeAsync(
        SearchInput input,
        ILoadedModel model,
        int[] order,
        EditedText text,
        int count,
        CancellationToken cancellationToken
    )
    {
        var places = new List<(TextEdit Edit, MaskedRow Row)>();
        foreach (var unit in order.Select(index => input.Units.Units[index]))
        {
            var whole = input.Judge.Context.Input.TextOf(unit.Sequence);
            var edit = new TextEdit(unit.Sequence, WhiteSpace.Skip(whole, unit.Start, unit.End), unit.End, "");
            if (places.Count < Math.Min(MostUnits, input.Judge.Left) && MaskedRow.Of(model, text, edit) is { } row)
            {
                places.Add((edit with { To = whole[edit.Start..edit.End] }, row));
            }
        }

        input.Judge.Count(places.Count);
        var lines = await model
            .Runner.PredictAsync(
                places.Select(place => place.Row.Row),
                input.Judge.Context.Work with
                {
                    Precision = Precision.Exact,
                },
                cancellationToken
            )
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var each = Math.Max(FewestEach, count / Math.Max(1, places.Count));
        var pieces = VocabularyPieces.Of(model.Tokenizer);
        var words = places.Zip(lines, (place, logits) => Words(pieces, model, place, logits, each)).ToArray();

        // The first choices of all units before anybody's second.
        return
        [
            .. Enumerable
                .Range(0, each)
                .SelectMany(rank =>
                    places
                        .Zip(words)
                        .Where(one => rank < one.Second.Length)
                        .Select(one => text.With(one.First.Edit with { To = one.Second[rank] }))
                )
                .OfType<EditedText>()
                .Take(count),
        ];
    }

    private static string[] Words(
        VocabularyPieces pieces,
        ILoadedModel model,
        (TextEdit Edit, MaskedRow Row) place,
        Logits logits,
        int most
    ) =>
        [
            .. VocabularyEntries
                .Strongest(logits[0], Looked, model.Tokenizer)
                .Where(entry => pieces.IsWord(entry.Index, place.Row.AfterSpace))
                .Select(entry => pieces.TextOf(entry.Index, place.Edit.To, null))
                .Where(word => !string.Equals(word, place.Edit.To, StringComparison.OrdinalIgnoreCase))
                .Distinct(StringComparer.Ordinal)
                .Take(most),
        ];

    /// <summary>A text with a mask in the place of one of its units, as far around it as the model reads.</summary>
    /// <param name="Row">What the model reads.</param>
    /// <param name="AfterSpace">Whether white space is before the mask.</param>
    private sealed record MaskedRow(TokenRow Row, bool AfterSpace)
    {
        /// <summary>Null where the unit has been changed already, or the mask is not seen.</summary>
        public static MaskedRow? Of(ILoadedModel model, EditedText text, TextEdit edit)
        {
            var mask = model.Tokenizer.Special.MaskText!;
            if (text.With(edit with { To = mask }) is not { } masked)
            {
                return null;
            }

            var whole = edit.Sequence == 1 ? masked.Pair! : masked.Text;
            var start = text.InEdited(edit.Sequence, edit.Start);
            var encoding = model.Tokenizer.Encode(whole);
            if (encoding.Count > model.Description.MaxTokens)
            {
                (whole, start) = Around(encoding, whole, start, model);
                encoding = model.Tokenizer.Encode(whole);
            }

            var at = encoding
                .Tokens.Index()
                .Where(token => token.Item.Id == model.Tokenizer.Special.Mask && token.Item.Start <= start && start < token.Item.End)
                .Select(token => token.Index)
                .FirstOrDefault(-1);
            return at < 0 || encoding.Count > model.Description.MaxTokens
                ? null
                : new MaskedRow(
                    new TokenRow
                    {
                        Ids = encoding.Ids,
                        TypeIds = encoding.TypeIds,
                        OutputPositions = [at],
                    },
                    start > 0 && char.IsWhiteSpace(whole[start - 1])
                );
        }

        private static (string Text, int Start) Around(Encoding encoding, string whole, int start, ILoadedModel model)
        {
            Token[] tokens = [.. encoding.Tokens.Where(token => token.Sequence == 0)];
            var here = Array.FindIndex(tokens, token => token.Start <= start && start < token.End);
            var room = Math.Max(0, (model.Description.MaxTokens - model.Tokenizer.SpecialTokensAdded(pair: false) - 2) / 2);
            var (from, to) = (tokens[Math.Max(0, here - room)].Start, tokens[Math.Min(tokens.Length - 1, here + room - 1)].End);
            return here < 0 ? (whole, start) : (whole[from..Math.Max(to, start + model.Tokenizer.Special.MaskText!.Length)], start - from);
        }
    }
}
