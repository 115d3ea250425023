namespace ExplainService.Runtime;

/// <summary>Whose attention to whom.</summary>
public enum AttentionKind
{
    /// <summary>Self-attention of the encoder, or of a decoder-only model.</summary>
    Self,

    /// <summary>Self-attention of a seq2seq model's decoder.</summary>
    Decoder,

    /// <summary>A seq2seq decoder's attention to the encoder.</summary>
    Cross,
}

/// <summary>The softmax outputs of attention for one row, padding removed.</summary>
/// <param name="Values">[layer][head][queries × keys].</param>
/// <param name="Queries">Number of queries (rows of a map).</param>
/// <param name="Keys">Number of keys (columns of a map).</param>
public sealed record AttentionMaps(float[][][] Values, int Queries, int Keys);
