using ExplainService.Methods.Perturbation;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// What has been seen of a game in complementary pairs. With g(S) = (v(S) − v(Sᶜ))/2 and h(S) = (v(S) + v(Sᶜ))/2, v = g + h: Shapley
/// values depend on the odd part g alone and pairwise interactions on the even part h alone, so each is regressed on by itself.
/// The first pair is always the full and the empty text.
/// </summary>
internal sealed class PairSample
{
    public PairSample(int players, double[] empty, double[] full)
    {
        (Players, Outputs) = (players, full.Length);
        Odd = [.. full.Select(_ => new List<double>())];
        Even = [.. full.Select(_ => new List<double>())];
        Add(Coalition.Full(players), full, empty);
    }

    public int Players { get; }

    public int Outputs { get; }

    public int Count => Signs.Count;

    /// <summary>[pairs][players]: +1 where the pair's first coalition has the player, −1 where its complement does.</summary>
    public List<double[]> Signs { get; } = [];

    /// <summary>[pairs]: how many players the first coalition has.</summary>
    public List<int> Sizes { get; } = [];

    /// <summary>[outputs][pairs]: g.</summary>
    public List<double>[] Odd { get; }

    /// <summary>[outputs][pairs]: h.</summary>
    public List<double>[] Even { get; }

    /// <summary>Whether every coalition of the game has been seen.</summary>
    public bool Complete => Players < 63 && Count - 1 == CoalitionPairs.Count(Players);

    public void Add(Coalition coalition, double[] value, double[] complement)
    {
        var signs = new double[Players];
        coalition.CopySignsTo(signs);
        Signs.Add(signs);
        Sizes.Add(coalition.Count);
        for (var output = 0; output < Outputs; output++)
        {
            Odd[output].Add((value[output] - complement[output]) / 2);
            Even[output].Add((value[output] + complement[output]) / 2);
        }
    }

    /// <summary>v(S) by bit mask, of a sample that is <see cref="Complete"/>: [2^players].</summary>
    public double[] Table(int output)
    {
        var table = new double[1 << Players];
        for (var pair = 0; pair < Count; pair++)
        {
            var mask = 0;
            for (var player = 0; player < Players; player++)
            {
                mask |= Signs[pair][player] > 0 ? 1 << player : 0;
            }

            table[mask] = Even[output][pair] + Odd[output][pair];
            table[table.Length - 1 - mask] = Even[output][pair] - Odd[output][pair];
        }

        return table;
    }
}
