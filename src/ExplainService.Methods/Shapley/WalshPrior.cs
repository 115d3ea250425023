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

    public WalshKernel Kernel() => new(Importance, HighestOrder);
}
