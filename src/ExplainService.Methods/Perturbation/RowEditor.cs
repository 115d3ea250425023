using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary>A row to score and f over its logits.</summary>
public sealed record ScoredRow(TokenRow Row, TargetFunction Target);

/// <summary>A unit of the text that a window holds, in whole or in part.</summary>
/// <param name="Unit">Its index among the text's units.</param>
/// <param name="Positions">Its positions in the window's row; at least one.</param>
public sealed record UnitInWindow(int Unit, int[] Positions)
{
    /// <summary>The units that a window holds, in text order.</summary>
    /// <param name="window">The window's tokens.</param>
    /// <param name="unitOf">For every token of the whole input the unit that holds it, or −1.</param>
    public static UnitInWindow[] Of(Encoding window, int[] unitOf) =>
        [
            .. Enumerable
                .Range(0, window.Count)
                .Where(position => !window.Tokens[position].Special)
                .GroupBy(position => unitOf[window.SourceOf(position)])
                .Where(unit => unit.Key >= 0)
                .OrderBy(unit => unit.Key)
                .Select(unit => new UnitInWindow(unit.Key, [.. unit])),
        ];
}

/// <summary>What an edited row must keep to.</summary>
/// <param name="MaxTokens">The model's limit, which longer replacements may exceed.</param>
/// <param name="Remainder">The token that stands for a text of which nothing is left.</param>
/// <param name="ReadsAreTokens">
/// f is of the tokens that are read themselves (their labels), not of what follows them: they must stay.
/// </param>
/// <param name="Cuts">A row that has grown over the limit loses tokens at the end of its text; otherwise it is refused.</param>
public sealed record EditRules(int MaxTokens, int Remainder, bool ReadsAreTokens, bool Cuts);

/// <summary>Rows of one window with some of its units changed. Positions that f reads follow the tokens that move.</summary>
/// <param name="window">The window as it is.</param>
/// <param name="members">The units that the window holds; a long text has many windows, each with few of its units.</param>
/// <param name="rules">What every row keeps to.</param>
public sealed class RowEditor(InputWindow window, IReadOnlyList<UnitInWindow> members, EditRules rules)
{
    private readonly HashSet<int> kept = Kept(window, rules.ReadsAreTokens);

    // The white space in front of every member, which whatever takes its place has too.
    private readonly Lazy<string[]> spaces = new(() =>
        [.. members.Select(member => LeadingSpace.Of(member.Positions.Select(position => window.Encoding.Tokens[position].Text)))]
    );

    /// <summary>Tokens that a row lost at most to stay within the model's limit.</summary>
    public int LongestCut { get; private set; }

    /// <summary>
    /// Whether some unit holds a token that the target names: such tokens stay where they are unless others take their place one by one.
    /// </summary>
    public bool KeepsTokens => kept.Count > 0 && members.Any(member => member.Positions.Any(kept.Contains));

    /// <summary>The row in which only the units of the coalition are present.</summary>
    public ScoredRow Edit(Coalition coalition, Replacement replacement) =>
        replacement.Token is { } token ? InPlace(coalition, token) : Rebuild(unit => coalition[unit] ? null : replacement.Text);

    /// <summary>The row in which every unit becomes the text given for it.</summary>
    /// <param name="becomes">From a unit to what takes its place; null: it stays.</param>
    /// <exception cref="InvalidRequestException">The text has grown over the model's limit (422).</exception>
    public ScoredRow Rebuild(Func<int, PlacedText?> becomes)
    {
        var pieces = Pieces(becomes);
        if (pieces.TrueForAll(piece => piece.Source >= window.Encoding.Count))
        {
            // A continuation alone would leave its first token to be predicted from itself.
            pieces.Insert(0, new Piece(rules.Remainder, 0, 0, Original: false));
        }

        var source = window.Row;
        Fit(pieces, rules.MaxTokens);
        var (readAt, moved) = Moves(pieces, source.Ids.Length);
        var row = new TokenRow
        {
            Ids = [.. pieces.Select(piece => piece.Id)],
            TypeIds = source.TypeIds.Length > 0 ? [.. pieces.Select(piece => piece.Type)] : [],
            DecoderIds = source.DecoderIds,
            OutputPositions =
                source.DecoderIds.Length > 0 ? source.OutputPositions : [.. source.OutputPositions.Select(read => readAt[read])],
            Picture = source.Picture,
        };
        return new ScoredRow(row, window.ClassesArePositions ? window.Target.MoveClasses(moved) : window.Target);
    }

    private static HashSet<int> Kept(InputWindow window, bool readsAreTokens) =>
        window switch
        {
            { ClassesArePositions: true } => [.. window.Target.Outputs.SelectMany(output => output.AllClasses)],
            { Row.DecoderIds.Length: 0 } when readsAreTokens => [.. window.Row.OutputPositions],
            _ => [],
        };

    private ScoredRow InPlace(Coalition coalition, int token)
    {
        var ids = (int[])window.Row.Ids.Clone();
        foreach (var member in members)
        {
            if (!coalition[member.Unit])
            {
                foreach (var position in member.Positions)
                {
                    ids[position] = token;
                }
            }
        }

        return new ScoredRow(
            new TokenRow
            {
                Ids = ids,
                TypeIds = window.Row.TypeIds,
                DecoderIds = window.Row.DecoderIds,
                OutputPositions = window.Row.OutputPositions,
                Picture = window.Row.Picture,
            },
            window.Target
        );
    }

    private List<Piece> Pieces(Func<int, PlacedText?> becomes)
    {
        var source = window.Row;
        var instead = new Dictionary<int, IReadOnlyList<int>>();
        foreach (var (i, member) in members.Index())
        {
            if (becomes(member.Unit) is { } text)
            {
                var tokens = text.After(spaces.Value[i]);
                foreach (var position in member.Positions)
                {
                    instead[position] = position == member.Positions[0] ? tokens : [];
                }
            }
        }

        var pieces = new List<Piece>(source.Ids.Length);
        for (var position = 0; position < source.Ids.Length; position++)
        {
            var type = source.TypeIds.Length > 0 ? source.TypeIds[position] : 0;
            if (instead.TryGetValue(position, out var tokens) && !kept.Contains(position))
            {
                pieces.AddRange(tokens.Select(token => new Piece(token, type, position, Original: false)));
            }
            else
            {
                pieces.Add(new Piece(source.Ids[position], type, position, Original: true));
            }
        }

        return pieces;
    }

    private void Fit(List<Piece> pieces, int limit)
    {
        var excess = pieces.Count - Math.Max(limit, window.Row.Ids.Length);
        if (excess <= 0)
        {
            return;
        }

        if (!rules.Cuts)
        {
            throw InvalidRequestException.CannotDo(
                "replacement",
                FormattableString.Invariant(
                    $"With this text in place of a unit the input has {pieces.Count} tokens and the model takes {limit}."
                )
            );
        }

        LongestCut = Math.Max(LongestCut, excess);

        // Neither special tokens nor a continuation nor what the target names may go; the rest of the text from its end.
        var tokens = window.Encoding.Tokens;
        for (var i = pieces.Count - 1; i >= 0 && excess > 0; i--)
        {
            var from = pieces[i].Source;
            if (from < tokens.Count && !tokens[from].Special && !kept.Contains(from))
            {
                pieces.RemoveAt(i);
                excess--;
            }
        }
    }

    /// <summary>
    /// A read whose token is gone reads at the nearest token before it: a causal model then predicts from what is left. One whose token was
    /// replaced reads at the last of the tokens in its place.
    /// </summary>
    private static (int[] ReadAt, int[] Moved) Moves(List<Piece> pieces, int length)
    {
        var (readAt, moved) = (new int[length], new int[length]);
        Array.Fill(moved, -1);
        var at = 0;
        for (var position = 0; position < length; position++)
        {
            for (; at < pieces.Count && pieces[at].Source <= position; at++)
            {
                moved[position] = pieces[at].Original ? at : moved[position];
            }

            readAt[position] = Math.Max(0, at - 1);
        }

        return (readAt, moved);
    }

    private readonly record struct Piece(int Id, int Type, int Source, bool Original);
}
