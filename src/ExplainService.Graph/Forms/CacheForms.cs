namespace ExplainService.Graph.Forms;

/// <summary>A decoder that goes on after a prefix, whose keys and values it is given instead of computing them again.</summary>
/// <param name="Start">Seq2seq: encoder's tokens → the states that every step reads; null for causal models.</param>
/// <param name="Step">
/// All tokens, keys and values of the first ones, states → logits of the rest (reads count from the first of them), keys and values of all.
/// </param>
/// <param name="Layers">Layers of self-attention whose keys and values are kept.</param>
/// <param name="States">Values of the encoder that the decoder reads.</param>
public sealed record CacheForms(Form? Start, Form Step, int Layers, int States);
