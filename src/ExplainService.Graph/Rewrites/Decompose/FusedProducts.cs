using ExplainService.Graph.Building;

namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>com.microsoft.FusedMatMul: a product of transposed operands.</summary>
internal sealed class FusedMatMulRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "FusedMatMul"), ("com.microsoft", "TransposeMatMul")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        if (
            Turned(step.Need(0), node.Int("transBatchA") != 0, node.Int("transA") != 0) is not { } left
            || Turned(step.Need(1), node.Int("transBatchB") != 0, node.Int("transB") != 0) is not { } right
        )
        {
            return false;
        }

        var alpha = node.Float("alpha", 1);
        step.Out(0, alpha == 1 ? left.MatMul(right) : left.MatMul(right) * alpha);
        return true;
    }

    private static Value? Turned(Value value, bool batch, bool last)
    {
        if (!batch && !last)
        {
            return value;
        }

        if (value.Rank is not { } rank)
        {
            return null;
        }

        if (rank < 2)
        {
            return value;
        }

        List<long> perm = [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        if (batch)
        {
            // The first axis moves behind the batch axes.
            perm.RemoveAt(0);
            perm.Insert(rank - 2, 0);
        }

        if (last)
        {
            (perm[^1], perm[^2]) = (perm[^2], perm[^1]);
        }

        return value.Transpose([.. perm]);
    }
}

/// <summary>com.microsoft.FusedGemm: a Gemm and an activation.</summary>
internal sealed class FusedGemmRewrite : IRewrite
{
    public IEnumerable<(string Domain, string Op)> Operators => [("com.microsoft", "FusedGemm")];

    public bool Apply(RewriteStep step)
    {
        var node = step.Node;
        var activation = node.Text("activation") ?? "";
        if (activation is not ("" or "Relu" or "Tanh" or "Sigmoid" or "LeakyRelu" or "Softplus" or "HardSigmoid" or "Elu"))
        {
            return false;
        }

        (string, object)[] own =
        [
            .. node.Attributes.Where(pair => pair.Key is "alpha" or "beta" or "transA" or "transB").Select(pair => (pair.Key, pair.Value)),
        ];
        var product = step.Tape.Emit("Gemm", [step.Need(0), step.Need(1), step.In(2)], own);
        (string, object)[] shape =
        [
            .. node
                .Attributes.Where(pair => pair.Key.StartsWith("activation_", StringComparison.Ordinal))
                .Select(pair => (pair.Key["activation_".Length..], pair.Value)),
        ];
        step.Out(0, activation.Length == 0 ? product : step.Tape.Emit(activation, [product], shape));
        return true;
    }
}
