using System.Runtime.InteropServices;
using ExplainService.Methods.Coalitions;

namespace ExplainService.Methods.Shapley;

/// <summary>The values of the coalitions evaluated so far; bits and numbers alone, as there may be a million.</summary>
/// <param name="players">Players of every coalition.</param>
/// <param name="outputs">Length of every value.</param>
internal sealed class CoalitionValues(int players, int outputs)
{
    private readonly CoalitionSet coalitions = new(players);
    private readonly List<double> values = [];

    /// <summary>The coalitions, in the order in which they came.</summary>
    public CoalitionList Coalitions => coalitions.Members;

    public void Add(Coalition coalition, ReadOnlySpan<double> value)
    {
        if (coalitions.Add(coalition))
        {
            values.AddRange(value);
        }
    }

    public bool Contains(Coalition coalition) => coalitions.Contains(coalition);

    /// <summary>v(S) of one that is known: [outputs].</summary>
    public ReadOnlySpan<double> this[Coalition coalition] => At(coalitions.IndexOf(coalition));

    /// <summary>v of the coalition at a place of the list: [outputs].</summary>
    public ReadOnlySpan<double> At(int index) => CollectionsMarshal.AsSpan(values).Slice(index * outputs, outputs);
}
