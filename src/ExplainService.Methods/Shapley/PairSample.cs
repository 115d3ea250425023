using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// What has been seen of a game in complementary pairs. With g(S) = (v(S) − v(Sᶜ))/2 and h(S) = (v(S) + v(Sᶜ))/2, v = g + h: Shapley
/// values depend on the odd part g alone and pairwise interactions on the even part h alone, so each is regressed on by itself.
/// The first pair is always the full and the empty text. Of a pair its bits and values are kept and nothing else: there may be half a
/// million.
/// </summary>
internal sealed class PairSample
{
    public PairSample(int players, ReadOnlySpan<double> empty, ReadOnlySpan<double> full)
    {
        Coalitions = new CoalitionList(players);
        Odd = [.. Enumerable.Range(0, full.Length).Select(_ => new List<double>())];
        Even = [.. Odd.Select(_ => new List<double>())];
        Add(Coalition.Full(players), full, empty);
    }

    public int Players => Coalitions.Players;

    public int Outputs => Odd.Length;

    public int Count => Coalitions.Count;

    /// <summary>[pairs]: the first coalition of each; its complement is the second.</summary>
    public CoalitionList Coalitions { get; }

    /// <summary>[outputs][pairs]: g.</summary>
    public List<double>[] Odd { get; }

    /// <summary>[outputs][pairs]: h.</summary>
    public List<double>[] Even { get; }

    /// <summary>Whether every coalition of the game has been seen.</summary>
    public bool Complete => Players < 63 && Count - 1 == CoalitionPairs.Count(Players);

    public void Add(Coalition coalition, ReadOnlySpan<double> value, ReadOnlySpan<double> complement)
    {
        Coalitions.Add(coalition);
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
            var mask = Players == 0 ? 0 : (int)Coalitions[pair][0];
            table[mask] = Even[output][pair] + Odd[output][pair];
            table[table.Length - 1 - mask] = Even[output][pair] - Odd[output][pair];
        }

        return table;
    }
}
