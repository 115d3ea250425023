using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Targets;

/// <summary>
/// For tasks that say something of single tokens: in which of several overlapping windows each token is read, which is the one where it
/// has the most text around it.
/// </summary>
public sealed class CentralWindows
{
    private readonly (int Window, int Position)[] places;
    private readonly int[] margins;

    /// <summary>Chooses the windows.</summary>
    public CentralWindows(PreparedInput input)
    {
        places = new (int, int)[input.Tokens.Tokens.Count];
        margins = new int[places.Length];
        Array.Fill(margins, -1);
        for (var window = 0; window < input.Windows.Count; window++)
        {
            var encoding = input.Windows[window];
            for (var position = 0; position < encoding.Count; position++)
            {
                var token = encoding.SourceOf(position);
                var margin = Math.Min(position, encoding.Count - 1 - position);
                if (encoding.PositionOf(token) == position && margin > margins[token])
                {
                    (places[token], margins[token]) = ((window, position), margin);
                }
            }
        }

        Known = [.. Enumerable.Range(0, places.Length).Where(Knows)];
    }

    /// <summary>The tokens that are read: all of them, but for special ones of a text read in several windows.</summary>
    public IReadOnlyList<int> Known { get; }

    /// <summary>Whether a token is read.</summary>
    public bool Knows(int token) => token >= 0 && token < places.Length && margins[token] >= 0;

    /// <summary>Window and position in it of a token.</summary>
    public (int Window, int Position) this[int token] => places[token];

    /// <summary>A token that a target names.</summary>
    /// <exception cref="InvalidRequestException">There is no such token (422).</exception>
    public int Named(int token) =>
        Knows(token)
            ? token
            : throw InvalidRequestException.CannotDo(
                "target.token",
                token >= 0 && token < places.Length
                    ? "Special tokens of a text read in windows have no place of their own."
                    : FormattableString.Invariant($"There is no token {token}; \"tokens\" has 0 to {places.Length - 1}.")
            );

    /// <summary>The single window of tokens that are explained together.</summary>
    /// <exception cref="InvalidRequestException">They are in several (422).</exception>
    public int Shared(IEnumerable<int> tokens)
    {
        int[] windows = [.. tokens.Select(token => places[token].Window).Distinct()];
        return windows.Length == 1
            ? windows[0]
            : throw InvalidRequestException.CannotDo(
                "target",
                "What is explained together must be in one window of the text; name one token."
            );
    }
}
