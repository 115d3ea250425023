namespace ExplainService.Runtime;

/// <summary>What of a model can be switched off.</summary>
public enum ModelPart
{
    /// <summary>What a head of an attention layer gives out, before the matrix that joins the heads.</summary>
    Head,

    /// <summary>An inner activation of a layer's feed-forward network.</summary>
    Neuron,

    /// <summary>What a layer adds to the residual stream.</summary>
    Layer,
}

/// <summary>One part of a layer: a head, a neuron, a token's value vector; of layers themselves the index is 0.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Index">Its number in the layer.</param>
public readonly record struct LayerPart(int Layer, int Index);

/// <summary>A row with parts of the model switched off.</summary>
/// <param name="Row">The row.</param>
/// <param name="Off">What is off; nothing: the model as it is. Of neurons at most one a layer.</param>
public sealed record AblatedRow(TokenRow Row, params IReadOnlyList<LayerPart> Off);

/// <summary>What all rows of an ablation have in common.</summary>
/// <param name="Part">What is switched off.</param>
/// <param name="Means">
/// What takes its place, [layers × heads × channels], [layers × neurons] or [layers × hidden]; null: zero.
/// </param>
public sealed record AblationSpec(ModelPart Part, float[]? Means = null);

/// <summary>A row of which the residual stream behind the last layer is another.</summary>
/// <param name="Row">Tokens, lengths and the positions that are read.</param>
/// <param name="Stream">[tokens × hidden].</param>
public sealed record StreamRow(TokenRow Row, float[] Stream);
