using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose.Attention;

/// <summary>What com.microsoft's attentions have in common once their heads, and the past before them, are there.</summary>
internal static class FusedAttention
{
    /// <summary>Attention by the node's own attributes, [batch, queries, heads × size]; null for a mask of a form that is not known.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="query">[batch, heads, queries, size].</param>
    /// <param name="key">[batch, heads, keys, size].</param>
    /// <param name="value">[batch, heads, keys, size of values].</param>
    /// <param name="past">Keys before the first query, int64 [1]; null: none.</param>
    /// <param name="mask">See <see cref="AttentionMask.Of"/>.</param>
    /// <param name="bias">Broadcasts to [batch, heads, queries, keys].</param>
    public static Value? Of(Node node, Value query, Value key, Value value, Value? past, Value? mask, Value? bias)
    {
        if (mask is not null)
        {
            var filter = node.Float("mask_filter_value", -10000);
            mask = AttentionMask.Of(mask, query.Size(0), key.Size(2), query.Info.Dims?[0] ?? Dim.Unknown, filter);
            if (mask is null)
            {
                return null;
            }
        }

        if (node.Int("unidirectional") != 0)
        {
            mask = AttentionMask.Causal(query.Size(2), key.Size(2), past, mask);
        }

        var scores =
            mask is null ? bias
            : bias is null ? mask
            : bias + mask;
        return Heads.Join(Heads.Attend(query, key, value, node.Float("scale"), scores));
    }
}
