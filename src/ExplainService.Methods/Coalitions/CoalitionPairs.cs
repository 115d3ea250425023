using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Coalitions;

/// <summary>
/// Draws coalitions, each standing for itself and its complement, without replacement and by leverage: for the regression whose
/// solution the Shapley values are, the leverage of a coalition of s out of m players is proportional to 1/C(m, s), so every size
/// gets the same share of the draws until it is used up (Musco and Witter 2025). Sizes follow a golden-ratio sequence and the
/// players of a size are dealt like cards, so that every prefix of the sequence is balanced over sizes and over players.
/// </summary>
public sealed class CoalitionPairs
{
    private const double GoldenRatio = 0.6180339887498949;

    // Shuffled decks a size are worth their memory only for texts of ordinary length.
    private const int MaxOwnDeck = 256;
    private const int RejectionsBeforeListing = 24;

    private readonly int players;
    private readonly SeededRandom random;
    private readonly CoalitionSet drawn;
    private readonly List<SizeClass> open;
    private readonly Queue<int> sharedDeck = new();
    private double phase;

    /// <summary>Starts the sequence for a game of <paramref name="players"/> players.</summary>
    public CoalitionPairs(int players, SeededRandom random)
    {
        this.players = players;
        this.random = random;
        drawn = new CoalitionSet(players);
        phase = random.NextDouble();
        open =
        [
            .. Enumerable
                .Range(1, players / 2)
                .Select(size => new SizeClass(size, Count(players, size), players <= MaxOwnDeck ? new() : sharedDeck)),
        ];
    }

    /// <summary>
    /// How many pairs a game has besides the empty and the full text: 2^(m−1) − 1, or <see cref="long.MaxValue"/> if more.
    /// </summary>
    public static long Count(int players) =>
        players switch
        {
            0 => 0,
            > 63 => long.MaxValue,
            _ => (1L << (players - 1)) - 1,
        };

    /// <summary>Pairs of a size: the binomial coefficient, or half of it in the middle, where a complement is of the same size.</summary>
    public static double Count(int players, int size)
    {
        var count = 1.0;
        for (var i = 0; i < size; i++)
        {
            count *= (double)(players - i) / (i + 1);
        }

        return Math.Round(2 * size == players ? count / 2 : count);
    }

    /// <summary>The next coalition, of at most half of the players; null when every pair has been drawn.</summary>
    public Coalition? Next()
    {
        if (open.Count == 0)
        {
            return null;
        }

        var size = NextSize();
        var coalition = Draw(size);
        if (--size.Left <= 0)
        {
            open.Remove(size);
        }

        return coalition;
    }

    private SizeClass NextSize()
    {
        phase = (phase + GoldenRatio) % 1;
        var total = 0.0;
        foreach (var size in open)
        {
            total += Share(size);
        }

        var left = phase * total;
        foreach (var size in open)
        {
            left -= Share(size);
            if (left < 0)
            {
                return size;
            }
        }

        return open[^1];
    }

    // A pair of sizes s and m − s stands for both; the middle size is its own partner.
    private double Share(SizeClass size) => 2 * size.Size == players ? 0.5 : 1;

    private Coalition Draw(SizeClass size)
    {
        for (var attempt = 0; size.Listed is null; attempt++)
        {
            var coalition = Canonical(Coalition.FromPlayers(players, Deal(size)));
            if (drawn.Add(coalition))
            {
                return coalition;
            }

            if (attempt >= RejectionsBeforeListing)
            {
                // Most are drawn already: listing the rest costs no more than what has been spent on this size.
                var rest = Combinations(size.Size)
                    .Select(members => Coalition.FromPlayers(players, members))
                    .Where(one => one.Equals(Canonical(one)) && !drawn.Contains(one))
                    .ToArray();
                random.Shuffle<Coalition>(rest);
                size.Listed = new Queue<Coalition>(rest);
            }
        }

        return size.Listed.Dequeue();
    }

    private Coalition Canonical(Coalition coalition) =>
        2 * coalition.Count == players && !coalition[0] ? coalition.Complement() : coalition;

    private int[] Deal(SizeClass size)
    {
        var hand = new HashSet<int>(size.Size);
        var aside = new List<int>();
        while (hand.Count < size.Size)
        {
            if (size.Deck.Count == 0)
            {
                var cards = Enumerable.Range(0, players).ToArray();
                random.Shuffle<int>(cards);
                foreach (var card in cards)
                {
                    size.Deck.Enqueue(card);
                }
            }

            var top = size.Deck.Dequeue();
            if (!hand.Add(top))
            {
                aside.Add(top);
            }
        }

        aside.ForEach(size.Deck.Enqueue);
        return [.. hand];
    }

    private IEnumerable<int[]> Combinations(int size)
    {
        var members = Enumerable.Range(0, size).ToArray();
        while (true)
        {
            yield return members;
            var i = size - 1;
            while (i >= 0 && members[i] == players - size + i)
            {
                i--;
            }

            if (i < 0)
            {
                yield break;
            }

            members[i]++;
            for (var j = i + 1; j < size; j++)
            {
                members[j] = members[j - 1] + 1;
            }
        }
    }

    private sealed class SizeClass(int size, double left, Queue<int> deck)
    {
        public int Size => size;

        public double Left { get; set; } = left;

        public Queue<int> Deck => deck;

        public Queue<Coalition>? Listed { get; set; }
    }
}
