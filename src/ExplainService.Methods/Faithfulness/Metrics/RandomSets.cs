using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Faithfulness.Metrics;

/// <summary>Sets of units by chance, for metrics that ask whether scores add up to what the model says of any of them.</summary>
internal static class RandomSets
{
    /// <summary>How many sets.</summary>
    public const int Count = 32;

    /// <summary>Sets in which each unit is present with probability ½, neither none nor all where there are others.</summary>
    public static Coalition[] Draw(int units, long seed)
    {
        var random = new SeededRandom(seed);
        var sets = new Coalition[Count];
        for (var i = 0; i < Count; i++)
        {
            do
            {
                sets[i] = Coalition.Of(units, _ => random.Next(2) == 1);
            } while (units > 1 && sets[i].Count is var present && (present == 0 || present == units));
        }

        return sets;
    }
}
