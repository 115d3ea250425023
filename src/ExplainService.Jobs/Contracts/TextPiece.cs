namespace ExplainService.Jobs.Contracts;

/// <summary>What the model says of a piece of a row's text, which surrogates of kind <c>surrogate</c> are taught too.</summary>
/// <param name="Start">Where it begins in the text, UTF-16.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Probabilities">Of the labels, in the order of the prediction's.</param>
public sealed record TextPiece(int Start, int End, IReadOnlyList<double> Probabilities);
