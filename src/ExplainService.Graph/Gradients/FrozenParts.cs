namespace ExplainService.Graph.Gradients;

/// <summary>How many parts of a graph a variant of the gradient held still, or shared out, on the way back.</summary>
/// <param name="Attention">Softmaxes over keys.</param>
/// <param name="Norm">Scales of normalisations.</param>
/// <param name="Activation">Slopes of activations.</param>
/// <param name="Gate">Products of two branches.</param>
public sealed record FrozenParts(int Attention, int Norm, int Activation, int Gate);
