using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Pipeline;

/// <summary>Inputs of several rows that are no windows of a long text: two texts that are compared, a text beside each of several hypotheses.</summary>
internal static class SeparateTexts
{
    private const string NoWindows = "is for a text that is read alone; \"truncate\" cuts it";

    /// <summary>Whether a request is read so.</summary>
    public static bool Apply(ModelDescription model, TextRequest request) =>
        request.Labels is not null || (model.Task == ModelTask.FeatureExtraction && request.Pair is not null);

    /// <summary>Tokenizes and fits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">Its request, already checked.</param>
    /// <param name="offsets">From UTF-16 to the caller's unit.</param>
    /// <param name="mustFit">Whether a text over the limit is refused where the request does not say.</param>
    /// <param name="warnings">Gets one when the model does not see all.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="InvalidRequestException">A text is over the limit and <c>overflow</c> does not help (422).</exception>
    public static PreparedInput Prepare(
        ILoadedModel model,
        TextRequest request,
        InputOffsets offsets,
        bool mustFit,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    ) =>
        request.Labels is null
            ? Pair(model, request, offsets, mustFit, warnings, cancellationToken)
            : Labels(model, request, offsets, mustFit, warnings, cancellationToken);

    /// <summary>The text of a row, then that of its pair.</summary>
    private static PreparedInput Pair(
        ILoadedModel model,
        TextRequest request,
        InputOffsets offsets,
        bool mustFit,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        var unseen = new List<UnseenText>();
        var text = Fit(request.Text, 0);
        var pair = Fit(request.Pair!, 1);
        pair = new Encoding([.. pair.Tokens.Select(token => token.Sequence == 0 ? token with { Sequence = 1 } : token)]);
        return new PreparedInput(
            request.Text,
            request.Pair,
            offsets,
            new Encoding([.. text.Tokens, .. pair.Tokens]),
            [
                text with
                {
                    Sources = [.. Enumerable.Range(0, text.Count)],
                },
                pair with
                {
                    Sources = [.. Enumerable.Range(text.Count, pair.Count)],
                },
            ],
            unseen
        )
        {
            ReadsApart = true,
        };

        Encoding Fit(string own, int sequence)
        {
            var (whole, limit) = (model.Tokenizer.Encode(own, cancellationToken: cancellationToken), model.Description.MaxTokens);
            if (whole.Count == 0)
            {
                throw InvalidRequestException.CannotDo(FieldOf(sequence), "The text has no tokens.");
            }

            if (!Cuts(request, whole.Count - limit, FieldOf(sequence), $"\"{FieldOf(sequence)}\" has", limit, mustFit, warnings))
            {
                return whole;
            }

            var kept = model.Tokenizer.Truncate(whole, limit);
            unseen.AddRange(Unseen(whole, kept, own, offsets, sequence));
            return kept;
        }
    }

    /// <summary>
    /// The text beside every hypothesis. Tokens are those of the text alone, as a hypothesis is no part of it; the rows say by their sources
    /// which of their tokens those are.
    /// </summary>
    private static PreparedInput Labels(
        ILoadedModel model,
        TextRequest request,
        InputOffsets offsets,
        bool mustFit,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        var limit = model.Description.MaxTokens;
        var whole = model.Tokenizer.Encode(request.Text, cancellationToken: cancellationToken);
        var alone = whole;
        if ((long)whole.Count * request.Labels!.Count > Hypotheses.MaxTokens)
        {
            throw InvalidRequestException.CannotDo(
                "text",
                FormattableString.Invariant(
                    $"The text has {whole.Count} tokens and stands beside {request.Labels.Count} labels; shorten it."
                )
            );
        }

        var rows = model.Tokenizer.EncodeBeside(request.Text, Hypotheses.Of(request), cancellationToken);
        if (rows[0].CountOf(0) == 0)
        {
            throw InvalidRequestException.CannotDo("text", "The text has no tokens.");
        }

        var excess = rows.Max(row => row.Count) - limit;
        var unseen = new List<UnseenText>();
        if (Cuts(request, excess, "text", "With the longest hypothesis the text has", limit, mustFit, warnings))
        {
            if (excess >= whole.CountOf(0))
            {
                throw InvalidRequestException.CannotDo(
                    "labels",
                    FormattableString.Invariant($"The model takes {limit} tokens and the longest hypothesis leaves none for the text.")
                );
            }

            alone = WithoutEnd(whole, excess);
            rows = [.. rows.Select(row => WithoutEnd(row, excess))];
            unseen.AddRange(Unseen(whole, alone, request.Text, offsets, 0));
        }

        return new PreparedInput(request.Text, null, offsets, alone, [.. rows.Select(row => Beside(row, alone))], unseen)
        {
            ReadsApart = true,
        };
    }

    /// <summary>Whether a text is cut, where it is over the limit.</summary>
    private static bool Cuts(
        TextRequest request,
        int excess,
        string field,
        string subject,
        int limit,
        bool mustFit,
        ICollection<Warning> warnings
    )
    {
        if (excess <= 0)
        {
            return false;
        }

        var lengths = FormattableString.Invariant($"{subject} {limit + excess} tokens and the model takes {limit}");
        switch (request.Overflow)
        {
            case Overflow.Truncate:
                warnings.Add(
                    new Warning(
                        WarningCode.TextTruncated,
                        lengths
                            + ", so that it was truncated. What the model did not see is listed in \"unseen\" and has no score; a unit that was cut ends where that begins."
                    )
                );
                return true;
            case Overflow.Window:
                throw InvalidRequestException.CannotDo("overflow", $"{lengths}; \"window\" {NoWindows}.");
            case null when !mustFit:
                warnings.Add(new Warning(WarningCode.TextTooLong, lengths + "."));
                return false;
            default:
                throw InvalidRequestException.CannotDo(field, $"{lengths}; shorten it, or set overflow to \"truncate\".");
        }
    }

    private static IEnumerable<UnseenText> Unseen(Encoding whole, Encoding kept, string text, InputOffsets offsets, int sequence)
    {
        var (end, last) = (EndOf(whole), EndOf(kept));
        return end > last
            ? [new UnseenText(offsets.Of(sequence, last), offsets.Of(sequence, text.Length)) { In = sequence == 1 ? "pair" : null }]
            : [];

        static int EndOf(Encoding encoding) =>
            encoding.Tokens.Where(token => token.Sequence == 0).Select(token => token.End).DefaultIfEmpty(0).Max();
    }

    /// <summary>An encoding without the last tokens of its text.</summary>
    private static Encoding WithoutEnd(Encoding encoding, int excess)
    {
        var cut = encoding
            .Tokens.Index()
            .Where(token => token.Item.Sequence == 0)
            .Select(token => token.Index)
            .TakeLast(excess)
            .ToHashSet();
        return new Encoding([.. encoding.Tokens.Where((_, index) => !cut.Contains(index))]);
    }

    /// <summary>
    /// A row whose first tokens are those of the text alone. The others are held as they are: they count as special, with sources behind the
    /// text's last.
    /// </summary>
    private static Encoding Beside(Encoding row, Encoding alone)
    {
        var shared = row
            .Tokens.Zip(alone.Tokens)
            .TakeWhile(pair => pair.First.Id == pair.Second.Id && pair.First.Sequence == pair.Second.Sequence)
            .Count();
        return new Encoding([.. row.Tokens.Select((token, index) => index < shared ? token : token with { Special = true })])
        {
            Sources = [.. row.Tokens.Select((_, index) => index < shared ? index : alone.Count + index)],
        };
    }

    private static string FieldOf(int sequence) => sequence == 1 ? "pair" : "text";
}
