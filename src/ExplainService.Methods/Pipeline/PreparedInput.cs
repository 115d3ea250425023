using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Pipeline;

/// <summary>The caller's texts with their tokens.</summary>
/// <param name="Text">The text as sent.</param>
/// <param name="Pair">The second text.</param>
/// <param name="Offsets">From UTF-16 to the caller's offset unit.</param>
/// <param name="Tokens">
/// The whole sequence that the answer's <c>tokens</c> list: what the model saw, or all tokens where it saw windows.
/// </param>
/// <param name="Windows">What the model sees at once; offsets into the whole texts.</param>
/// <param name="Unseen">What was cut off, in the caller's offset unit.</param>
public sealed record PreparedInput(
    string Text,
    string? Pair,
    InputOffsets Offsets,
    Encoding Tokens,
    IReadOnlyList<Encoding> Windows,
    IReadOnlyList<UnseenText> Unseen
)
{
    /// <summary>
    /// The windows are no stretches of a long text: two texts that are compared, or a text beside each of several hypotheses.
    /// </summary>
    public bool ReadsApart { get; init; }

    /// <summary>The picture whose units stand in the place of tokens; null: it is a text.</summary>
    public PreparedPicture? Picture { get; init; }

    /// <summary>Of a picture: the version that each of its pieces shows; null: it is shown as sent.</summary>
    private int[]? Shown { get; init; }

    /// <summary>The row of tokens that are read whole, or of the picture as it is shown.</summary>
    public TokenRow RowOf(Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return Picture is null ? new TokenRow { Ids = encoding.Ids, TypeIds = encoding.TypeIds }
            : Shown is null ? Picture.Table.Row()
            : new TokenRow { Ids = Shown, Picture = Picture.Table };
    }

    /// <summary>The picture with some units hidden.</summary>
    /// <param name="units">Their numbers.</param>
    /// <param name="version">What stands for them, as rows say it.</param>
    public PreparedInput Hiding(IEnumerable<int> units, int version)
    {
        ArgumentNullException.ThrowIfNull(units);
        var shown = new int[Picture!.Table.Pieces];
        foreach (var unit in units)
        {
            shown[Picture.TokenOf(unit)] = version;
        }

        return this with
        {
            Shown = shown,
        };
    }

    /// <summary>A text over the model's limit is read in several overlapping windows.</summary>
    public bool InWindows => Windows.Count > 1 && !ReadsApart;

    /// <summary>The token that stands for text which is in no vocabulary.</summary>
    public int? UnknownToken { get; init; }

    /// <summary>Of a conversation: what each message says. <see cref="Text"/> is then the prompt, in which nothing counts.</summary>
    public IReadOnlyList<string>? Messages { get; init; }

    /// <summary>How many texts there are to have units of.</summary>
    public int Texts => Messages?.Count ?? (Pair is null ? 1 : 2);

    /// <summary>The text of a sequence: 0 the text, 1 the pair; of a conversation that of a message; none of what is special.</summary>
    public string TextOf(int sequence) =>
        Messages is not null ? Messages.ElementAtOrDefault(sequence) ?? ""
        : sequence == 1 ? Pair ?? ""
        : Text;

    /// <summary>How answers name the second text; null for the first, and for messages.</summary>
    public string? NameOf(int sequence) => Messages is null && sequence == 1 ? "pair" : null;

    /// <summary>The message that a sequence is; null where there are none.</summary>
    public int? MessageOf(int sequence) => Messages is null || sequence < 0 ? null : sequence;

    /// <summary>
    /// Where the model stops reading a text, UTF-16: behind its last token where the rest was cut off, else at its end. A unit that goes on
    /// behind it ends here, as a score says nothing of what was not read.
    /// </summary>
    public int SeenEnd(int sequence) =>
        Unseen.Any(cut => (cut.In is null) == (sequence == 0))
            ? Tokens.Tokens.Where(token => token.Sequence == sequence).Select(token => token.End).DefaultIfEmpty(0).Max()
            : TextOf(sequence).Length;

    /// <summary>Whether the model sees nothing of a token's text but that it is there.</summary>
    public bool IsUnknown(Token token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return !token.Special && token.Id == UnknownToken;
    }

    /// <summary>Tokens as the answer lists them.</summary>
    /// <param name="scores">One score a token, or none.</param>
    public IReadOnlyList<TokenAnswer> TokenAnswers(IReadOnlyList<double>? scores = null)
    {
        var answers = new TokenAnswer[Tokens.Tokens.Count];
        for (var index = 0; index < answers.Length; index++)
        {
            var token = Tokens.Tokens[index];
            answers[index] = new TokenAnswer
            {
                Index = index,
                Id = token.Id,
                Token = token.Text,
                Text =
                    token.Sequence < 0 ? ""
                    : Picture is not null ? Picture.NameOf(index)
                    : TextOf(token.Sequence)[token.Start..token.End],
                Box = Picture?.BoxOf(index),
                Start = Offsets.Of(token.Sequence, token.Start),
                End = Offsets.Of(token.Sequence, token.End),
                Special = token.Special,
                Unknown = IsUnknown(token) ? true : null,
                In = NameOf(token.Sequence),
                Message = MessageOf(token.Sequence),
                Score = scores?[index],
            };
        }

        return answers;
    }
}
