namespace ExplainService.Methods.Shapley;

/// <summary>
/// What is believed of a game before it is seen: its Walsh coefficients are independent and centred, a function χ_U of order d has
/// the variance E_d·Π_{i∈U} w_i / e_d(w), and what no order explains is spread evenly over all coalitions.
/// </summary>
/// <param name="Importance">w [players], summing to 1.</param>
/// <param name="Orders">The orders d that are modelled, ascending; all odd or all even.</param>
/// <param name="Energies">E_d [orders].</param>
/// <param name="Nugget">Variance of the unexplained part of every value.</param>
internal sealed record WalshPrior(double[] Importance, int[] Orders, double[] Energies, double Nugget)
{
    public int HighestOrder => Orders[^1];

    /// <summary>The prior on the straight line from a simpler one, whose orders are the first of the richer one's.</summary>
    /// <param name="simple">At 0.</param>
    /// <param name="rich">At 1.</param>
    /// <param name="share">0 to 1.</param>
    public static WalshPrior Between(WalshPrior simple, WalshPrior rich, double share)
    {
        return new WalshPrior(
            ReferenceEquals(simple.Importance, rich.Importance) ? rich.Importance : [.. simple.Importance.Zip(rich.Importance, Mix)],
            rich.Orders,
            [.. rich.Energies.Select((energy, c) => Mix(c < simple.Energies.Length ? simple.Energies[c] : 0, energy))],
            Mix(simple.Nugget, rich.Nugget)
        );

        double Mix(double from, double to) => from + (share * (to - from));
    }

    public WalshKernel Kernel() => new(Importance, HighestOrder);
}
