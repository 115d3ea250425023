using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>A game's values conditioned on: everything linear in the game (scores, interactions) can be read off it.</summary>
/// <param name="Prior">What the fit settled on.</param>
/// <param name="Factor">K = L·Lᵀ, the prior covariance of the values seen.</param>
/// <param name="Weights">K⁻¹·y [pairs].</param>
/// <param name="Calibration">The factor by which squared errors left one out exceed what the prior predicts.</param>
/// <param name="Evidence">Log density of the values, each predicted from all the others; higher is better.</param>
internal sealed record WalshFit(WalshPrior Prior, Cholesky Factor, double[] Weights, double Calibration, double Evidence);
