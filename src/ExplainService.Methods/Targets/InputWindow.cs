using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Targets;

/// <summary>
/// A stretch of the input that the model sees at once, ready to be scored: the whole input as a rule, one of several overlapping windows
/// for a text over the model's limit.
/// </summary>
/// <param name="Encoding">Its tokens, with offsets into the whole text.</param>
/// <param name="Row">The row that the model scores.</param>
/// <param name="Target">f over that row's logits.</param>
public sealed record InputWindow(Encoding Encoding, TokenRow Row, TargetFunction Target)
{
    /// <summary>The row of a text's tokens that are read whole.</summary>
    public static TokenRow RowOf(Encoding encoding) => new() { Ids = encoding.Ids, TypeIds = encoding.TypeIds };

    /// <summary>Whether classes of the logits are token positions (question answering), which move when tokens are deleted.</summary>
    public bool ClassesArePositions { get; init; }

    /// <summary>
    /// Tokens of <see cref="Row"/> that continue the text (a causal model's, but for the last): how many at the end of its ids.
    /// </summary>
    public int ContinuationTokens => Row.Ids.Length - Encoding.Tokens.Count;
}
