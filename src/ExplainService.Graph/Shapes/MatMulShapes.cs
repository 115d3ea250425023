namespace ExplainService.Graph.Shapes;

/// <summary>Matrix products and the fused attentions made of them.</summary>
internal static class MatMulShapes
{
    public static void MatMul(ShapeRule rule)
    {
        var node = rule.Node;
        var type = node.Op switch
        {
            "MatMulInteger" => ElementType.Int32,
            "MatMulIntegerToFloat" => ElementType.Float,
            _ => rule.In(0).Type,
        };
        if (rule.Dims(0) is not { } a || rule.Dims(1) is not { } b || a.Length == 0 || b.Length == 0)
        {
            rule.Out(type, null);
            return;
        }

        if (node.Int("transBatchA") != 0 || node.Int("transBatchB") != 0)
        {
            rule.Out(type, ShapeRule.Unknown(Math.Max(a.Length, b.Length)));
            return;
        }

        if (node.Int("transA") != 0)
        {
            a = [.. a[..^2], a[^1], a[^2]];
        }

        if (node.Int("transB") != 0)
        {
            b = [.. b[..^2], b[^1], b[^2]];
        }

        Dim[] rows = a.Length > 1 ? [a[^2]] : [];
        Dim[] columns = b.Length > 1 ? [b[^1]] : [];
        var batch = ShapeRule.Broadcast(a.Length > 2 ? a[..^2] : [], b.Length > 2 ? b[..^2] : [])!;
        rule.Out(type, [.. batch, .. rows, .. columns]);
    }

    public static void Gemm(ShapeRule rule)
    {
        var rows = rule.Dims(0) is { Length: 2 } a ? a[rule.Node.Int("transA") != 0 ? 1 : 0] : Dim.Unknown;
        var columns = rule.Dims(1) is { Length: 2 } b ? b[rule.Node.Int("transB") != 0 ? 0 : 1] : Dim.Unknown;
        rule.Out(rule.In(0).Type, [rows, columns]);
    }

    public static void MatMulNBits(ShapeRule rule) =>
        rule.Out(rule.In(0).Type, rule.Dims(0) is { } dims ? [.. dims[..^1], rule.Node.Int("N")] : null);

    public static void Einsum(ShapeRule rule)
    {
        var ranks = Enumerable.Range(0, rule.Node.Inputs.Count).Select(i => rule.In(i).Rank).ToArray();
        if (EinsumTerms.Of(rule.Node.Text("equation"), ranks) is not { } terms)
        {
            rule.Out(rule.In(0).Type, null);
            return;
        }

        var sizes = new Dictionary<char, Dim>();
        for (var i = 0; i < ranks.Length; i++)
        {
            for (var axis = 0; axis < terms.Operands[i].Length; axis++)
            {
                var (letter, dim) = (terms.Operands[i][axis], rule.Dims(i)?[axis] ?? Dim.Unknown);
                if (!sizes.TryGetValue(letter, out var known) || known.Value is null or 1)
                {
                    sizes[letter] = dim.IsUnknown ? known : dim;
                }
            }
        }

        rule.Out(rule.In(0).Type, [.. terms.Result.Select(letter => sizes.GetValueOrDefault(letter))]);
    }

    // ONNX's own Attention (opset 23): [B, heads, S, d], or [B, S, heads*d] with q_num_heads and kv_num_heads.
    public static void Attention(ShapeRule rule)
    {
        var type = rule.In(0).Type;
        if (rule.Dims(0) is not { } query || rule.Dims(2) is not { } value)
        {
            rule.Out(type, null);
            return;
        }

        var width = query.Length == 3 ? value[^1] / rule.Node.Int("kv_num_heads", 1) * rule.Node.Int("q_num_heads", 1) : value[^1];
        rule.Out(type, [.. query[..^1], width]);
    }

    // com.microsoft.Attention: input [B, S, in], weights [in, q + k + v].
    public static void PackedAttention(ShapeRule rule)
    {
        var type = rule.Node.Op == "QAttention" ? rule.In(3).Type : rule.In(0).Type;
        var width =
            rule.Node.Ints("qkv_hidden_sizes") is [_, _, var v] ? v
            : rule.Dims(1) is { Length: 2 } weights ? weights[1] / 3
            : Dim.Unknown;
        rule.Out(type, rule.Dims(0) is { } dims ? [.. dims[..^1], width] : ShapeRule.Unknown(3));
    }

    // Separate or packed query, key and value; the output is [B, S, width of the values over all query heads].
    public static void HeadAttention(ShapeRule rule)
    {
        var (heads, keyHeads) = (rule.Node.Int("num_heads"), rule.Node.Int("kv_num_heads"));
        var query = rule.Dims(0);
        var width = Dim.Unknown;
        if (rule.Node.Op == "GroupQueryAttention")
        {
            width =
                query is not { Length: 3 } ? Dim.Unknown
                : rule.Node.Input(2) is null ? query[2] / (heads + (2 * keyHeads)) * heads
                : query[2];
        }
        else if (rule.Dims(2) is { } value)
        {
            width = value.Length == 3 ? value[2] : value[1] * value[3];
        }

        rule.Out(rule.In(0).Type, query is { Length: >= 3 } ? [query[0], query[1], width] : ShapeRule.Unknown(3));
    }

    public static void EmbedLayerNorm(ShapeRule rule)
    {
        var width = rule.Dims(2) is { Length: 2 } table ? table[1] : Dim.Unknown;
        var embedded = rule.Dims(0) is { } ids ? [.. ids, width] : ShapeRule.Unknown(3);
        rule.Out(rule.In(2).Type, embedded);
        rule.Out(new TensorInfo(ElementType.Int32, [embedded[0]]), 1);
        rule.Out(new TensorInfo(rule.In(2).Type, embedded), 2);
    }
}
