using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;
using ExplainService.Text.ChatTemplates;

namespace ExplainService.Methods.Pipeline;

/// <summary>From the request's texts to tokens that fit the model, by the request's <c>overflow</c>.</summary>
public static class InputPreparation
{
    // A window of a single token would show the model no two tokens of the text beside each other.
    private const int MinRoom = 2;

    // Windows that are nearly full of the other text show it again and again: so many times all tokens at most.
    private const int MaxRepeats = 1024;

    /// <summary>Tokenizes and fits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">Its request, already checked.</param>
    /// <param name="noWindows">Why a text over the limit cannot be read in windows here; null: it can.</param>
    /// <param name="reserved">Tokens to keep free, for what follows the text (a continuation).</param>
    /// <param name="runs">Whether the model is to run on it, rather than its tokens only listed.</param>
    /// <param name="warnings">Gets one when the model does not see all.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="InvalidRequestException">The text is over the limit and <c>overflow</c> does not help (422).</exception>
    public static PreparedInput Prepare(
        ILoadedModel model,
        TextRequest request,
        string? noWindows,
        int reserved,
        bool runs,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken = default
    )
    {
        // Lists of tokens alone are the tokenizer's own, special mask and all.
        var input = Fit(model, request, noWindows, reserved, runs, warnings, cancellationToken);
        return runs ? TypedTokens.Mark(input, model.Tokenizer) : input;
    }

    private static PreparedInput Fit(
        ILoadedModel model,
        TextRequest request,
        string? noWindows,
        int reserved,
        bool runs,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        if (request.Prompt is { } prompt)
        {
            return Conversation(model, request, prompt, reserved, runs, warnings, cancellationToken);
        }

        var offsets = new InputOffsets(request.OffsetUnit ?? OffsetUnit.Utf16, request.Text, request.Pair);
        if (SeparateTexts.Apply(model.Description, request))
        {
            return SeparateTexts.Prepare(model, request, offsets, runs, warnings, cancellationToken);
        }

        var whole = model.Tokenizer.Encode(request.Text, request.Pair, cancellationToken: cancellationToken);
        var limit = model.Description.MaxTokens - reserved;
        if (whole.Tokens.Count == 0 && runs)
        {
            throw InvalidRequestException.CannotDo("text", "The text has no tokens.");
        }

        if (whole.Tokens.Count <= limit)
        {
            return new PreparedInput(request.Text, request.Pair, offsets, whole, [whole], []);
        }

        if (!runs && request.Overflow is null)
        {
            // No model runs, so nothing need fit: this is how a client learns by how much its text is over.
            warnings.Add(new Warning(WarningCode.TextTooLong, Lengths(whole, limit) + "."));
            return new PreparedInput(request.Text, request.Pair, offsets, whole, [whole], []);
        }

        var after =
            reserved == 0 ? "" : FormattableString.Invariant($" ({model.Description.MaxTokens} with the {reserved} that are to follow it)");
        if (model.Tokenizer.SpecialTokensAdded(request.Pair is not null) >= limit)
        {
            throw InvalidRequestException.CannotDo(
                "text",
                FormattableString.Invariant($"The model takes {Math.Max(0, limit)} tokens here{after}, which leaves no room for the text.")
            );
        }

        return request.Overflow switch
        {
            Overflow.Truncate => Truncate(model, request, offsets, whole, limit, warnings),
            Overflow.Window when noWindows is not null => throw InvalidRequestException.CannotDo(
                "overflow",
                $"{Lengths(whole, limit)}{after}. {noWindows}"
            ),
            Overflow.Window => Slide(model, request, offsets, whole, limit, runs, warnings),
            _ => throw InvalidRequestException.CannotDo(
                whole.CountOf(1) > whole.CountOf(0) ? "pair" : "text",
                $"{Lengths(whole, limit)}{after}; shorten it, or set overflow to \"truncate\""
                    + (noWindows is null ? " or \"window\"." : " (\"window\" is for perturbation methods, of models that do not generate).")
            ),
        };
    }

    /// <summary>A prompt is read whole: cut at its end it would lack what the answer begins with.</summary>
    private static PreparedInput Conversation(
        ILoadedModel model,
        TextRequest request,
        ChatPrompt prompt,
        int reserved,
        bool runs,
        ICollection<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        var whole = Conversations.Encode(model, prompt, cancellationToken);
        var limit = model.Description.MaxTokens - reserved;
        if (whole.Count > limit)
        {
            if (runs || request.Overflow is not null)
            {
                throw InvalidRequestException.CannotDo(
                    "messages",
                    Lengths(whole, limit) + "; a conversation is read whole, so leave out messages."
                );
            }

            warnings.Add(new Warning(WarningCode.TextTooLong, Lengths(whole, limit) + "."));
        }

        string[] contents = [.. prompt.Messages.Select(message => message.Content)];
        return new PreparedInput(prompt.Text, null, new InputOffsets(request.OffsetUnit ?? OffsetUnit.Utf16, contents), whole, [whole], [])
        {
            Messages = contents,
        };
    }

    private static PreparedInput Truncate(
        ILoadedModel model,
        TextRequest request,
        InputOffsets offsets,
        Encoding whole,
        int limit,
        ICollection<Warning> warnings
    )
    {
        var kept = model.Tokenizer.Truncate(whole, limit);
        var unseen = new List<UnseenText>();
        foreach (var sequence in request.Pair is null ? new[] { 0 } : [0, 1])
        {
            var last = kept.Tokens.Where(token => token.Sequence == sequence).Select(token => token.End).DefaultIfEmpty(0).Max();
            var end = whole.Tokens.Where(token => token.Sequence == sequence).Select(token => token.End).DefaultIfEmpty(0).Max();
            if (end > last)
            {
                var text = sequence == 1 ? request.Pair! : request.Text;
                unseen.Add(
                    new UnseenText(offsets.Of(sequence, last), offsets.Of(sequence, text.Length)) { In = sequence == 1 ? "pair" : null }
                );
            }
        }

        warnings.Add(
            new Warning(
                WarningCode.TextTruncated,
                Lengths(whole, limit)
                    + ", so that it was truncated. What the model did not see is listed in \"unseen\" and has no score; a unit that was cut ends where that begins."
            )
        );
        return new PreparedInput(request.Text, request.Pair, offsets, kept, [kept], unseen);
    }

    private static PreparedInput Slide(
        ILoadedModel model,
        TextRequest request,
        InputOffsets offsets,
        Encoding whole,
        int limit,
        bool runs,
        ICollection<Warning> warnings
    )
    {
        var slid = Slid(model, request, whole);
        var room = limit - (whole.Count - whole.CountOf(slid));
        if (request.Pair is not null && room < MinRoom)
        {
            throw InvalidRequestException.CannotDo(
                slid == 1 ? "text" : "pair",
                FormattableString.Invariant(
                    $"Windows slide over \"{(slid == 1 ? "pair" : "text")}\" and show all of this, which has {whole.CountOf(1 - slid)} of the {limit} tokens that the model takes; "
                ) + "shorten it, or set overflow to \"truncate\"."
            );
        }

        var shown = limit * (1 + Math.Ceiling((double)(whole.CountOf(slid) - room) / (room - (room / 4))));
        if (shown > MaxRepeats * ((double)whole.Count + limit))
        {
            throw InvalidRequestException.CannotDo(
                slid == 1 ? "text" : "pair",
                FormattableString.Invariant(
                    $"Windows would show \"{(slid == 1 ? "pair" : "text")}\" {room} tokens at a time, each beside all {whole.CountOf(1 - slid)} of this; shorten it, or set overflow to \"truncate\"."
                )
            );
        }

        var windows = model.Tokenizer.Windows(whole, slid, limit, room / 4);
        var over =
            request.Pair is null ? ""
            : slid == 1 ? " of \"pair\", each with all of \"text\""
            : " of \"text\", each with all of \"pair\"";
        var combined =
            !runs ? ""
            : model.Description.Task == ModelTask.TextClassification
                ? " whose scores are combined by their " + (request.WindowReduction == WindowReduction.Max ? "maximum" : "mean")
            : "; what is explained is read in the one of them that shows the most around it";
        var read = runs ? "It was read" : "It would be read";
        warnings.Add(
            new Warning(
                WarningCode.TextInWindows,
                FormattableString.Invariant($"{Lengths(whole, limit)}. {read} in {windows.Count} overlapping windows{over}{combined}.")
            )
        );
        return new PreparedInput(request.Text, request.Pair, offsets, whole, windows, []);
    }

    private static string Lengths(Encoding whole, int limit) =>
        FormattableString.Invariant($"The text has {whole.Tokens.Count} tokens and the model takes {limit}");

    /// <summary>
    /// What windows slide over: the context of a question; otherwise the longer text, beside which the shorter stays whole.
    /// </summary>
    private static int Slid(ILoadedModel model, TextRequest request, Encoding whole) =>
        request.Pair is not null && (model.Description.Task == ModelTask.QuestionAnswering || whole.CountOf(1) >= whole.CountOf(0)) ? 1 : 0;
}
