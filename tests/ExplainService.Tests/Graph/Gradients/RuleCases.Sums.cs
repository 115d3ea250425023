using static ExplainService.Tests.Graph.Gradients.RuleInput;

namespace ExplainService.Tests.Graph.Gradients;

/// <summary>Reductions, normalisations and products.</summary>
internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Sums() =>
        [
            .. new[]
            {
                "ReduceSum",
                "ReduceMean",
                "ReduceL1",
                "ReduceL2",
                "ReduceSumSquare",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMin",
                "ReduceProd",
            }.SelectMany(op => Reductions(op, F)),
            .. Reductions("ReduceLogSum", P),
            new("ReduceProd", [V([2, 3], 0, 2, 3, 0, 0, 1.5f), N(1)]),
            new("ReduceL2", [V([2, 2], 0, 3, 0.5f, 1), N(1)]),
            new("ReduceMean", [F(2, 3)], ("axes", new[] { -1L }), ("keepdims", 0L)) { Opset = 17 },
            new("ReduceSum", [F(2, 3), N()], ("noop_with_empty_axes", 1L)),
            new("ReduceSum", [F(0, 3), N(0)]),
            new("CumSum", [F(2, 4), N0(1)]),
            new("CumSum", [F(2, 4), N0(-1)], ("exclusive", 1L)),
            new("CumSum", [F(2, 4), N0(0)], ("reverse", 1L), ("exclusive", 1L)),
            new("TopK", [F(2, 5), N(2)]) { Outputs = 2 },
            new("TopK", [F(4, 3), N(3)], ("axis", 0L), ("largest", 0L)) { Outputs = 2 },
            new("GlobalAveragePool", [F(2, 3, 4)]),
            new("GlobalAveragePool", [F(1, 2, 3, 2)]),
            new("Softmax", [F(2, 3, 4)]),
            new("Softmax", [F(2, 3, 4)], ("axis", 1L)),
            new("Softmax", [F(3)], ("axis", -1L)),
            new("Softmax", [F(2, 1)]),
            new("LogSoftmax", [F(2, 3)]),
            new("LogSoftmax", [F(2, 3)], ("axis", 0L)),
            new("LayerNormalization", [F(2, 3, 4), F(4), F(4)]),
            new("LayerNormalization", [F(2, 3, 4), F(3, 4), F(3, 4)], ("axis", 1L), ("epsilon", 0.1f)),
            new("LayerNormalization", [F(2, 4), F(4)], ("axis", -1L)),
            new("LayerNormalization", [F(2, 4), F(4), F(4)]) { Outputs = 3, Through = [0, 1, 2] },
            new("LayerNormalization", [F(2, 3, 4), C([4], 1, 2, 3, 4)]) { Outputs = 3, Through = [2] },
            new("LayerNormalization", [F(2, 4), C([4], 1, 2, 3, 4)]) { Outputs = 2, Through = [1] },
            new("SimplifiedLayerNormalization", [F(2, 3, 4), F(4)], ("axis", -1L)),
            new("RMSNormalization", [F(2, 3, 4), F(4)]) { Opset = 23 },
            new("RMSNormalization", [F(2, 3, 4), F(3, 4)], ("axis", 1L)) { Opset = 23 },
            new("InstanceNormalization", [F(2, 3, 4), C([3], 1, 2, 3), C([3], 0, 1, 0)]),
            new("InstanceNormalization", [F(1, 2, 3, 2), C([2], 1, 2), C([2], 0, 1)], ("epsilon", 0.1f)),
            new("GroupNormalization", [F(2, 4, 3), C([2], 1, 2), C([2], 0, 1)], ("num_groups", 2L)),
            new("GroupNormalization", [F(2, 4, 3), C([4], 1, 2, 3, 4), C([4], 0, 1, 0, 1)], ("num_groups", 2L)) { Opset = 21 },
            new("BatchNormalization", [F(2, 3, 4), C([3], 1, 2, 3), C([3], 0, 1, 0), C([3], 0, 0.5f, 1), C([3], 1, 2, 0.5f)]),
            new(
                "BatchNormalization",
                [F(2, 3), C([3], 1, 2, 3), C([3], 0, 1, 0), C([3], 0, 0.5f, 1), C([3], 1, 2, 0.5f)],
                ("epsilon", 0.1f)
            ),
            new("LpNormalization", [F(2, 3)]),
            new("LpNormalization", [F(3, 2)], ("axis", 0L), ("p", 1L)),
            new("Conv", [F(1, 2, 5), C([3, 2, 1], 1, 2, 3, -1, 0.5f, 1)]),
            new("Conv", [F(2, 2, 6), C([2, 1, 3], 1, 2, 3, -1, 0.5f, 1), C([2], 0, 1)], ("group", 2L), ("pads", new[] { 1L, 1L })),
            new("Conv", [F(1, 1, 7), C([1, 1, 2], 1, -2)], ("strides", new[] { 2L }), ("pads", new[] { 0L, 0L })),
            new(
                "Conv",
                [F(1, 1, 8), C([1, 1, 3], 1, -2, 3)],
                ("dilations", new[] { 2L }),
                ("strides", new[] { 3L }),
                ("pads", new[] { 1L, 0L })
            ),
            new("Conv", [F(1, 1, 3, 3), C([1, 1, 2, 2], 1, -2, 3, 4)]),
            new(
                "Conv",
                [F(2, 2, 5, 4), C([4, 1, 3, 2], [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))])],
                ("group", 2L),
                ("strides", new[] { 2L, 1L }),
                ("pads", new[] { 1L, 0L, 1L, 1L })
            ),
            new(
                "Conv",
                [F(1, 3, 4, 6), C([2, 3, 2, 3], [.. Enumerable.Range(0, 36).Select(i => MathF.Cos(i))])],
                ("strides", new[] { 2L, 3L })
            ),
            new("Conv", [F(1, 1, 6, 6), C([1, 1, 2, 2], 1, -2, 3, 4)], ("dilations", new[] { 2L, 3L }), ("strides", new[] { 1L, 2L })),
            new("Conv", [F(1, 1, 6), C([1, 1, 3], 1, -2, 3)], ("strides", new[] { 2L }), ("pads", new[] { 1L, 1L })),
            new(
                "Conv",
                [F(1, 2, 8, 6), C([1, 2, 7, 3], [.. Enumerable.Range(0, 42).Select(i => MathF.Sin(i))])],
                ("strides", new[] { 2L, 2L }),
                ("pads", new[] { 3L, 1L, 3L, 1L })
            ),
            new("MaxPool", [F(2, 2, 4, 4)], ("kernel_shape", new[] { 2L, 2L }), ("strides", new[] { 2L, 2L })),
            new(
                "MaxPool",
                [F(1, 2, 5, 5)],
                ("kernel_shape", new[] { 3L, 3L }),
                ("strides", new[] { 2L, 2L }),
                ("pads", new[] { 1L, 1L, 1L, 1L })
            ),
            new(
                "MaxPool",
                [V([1, 1, 7], 1, 3, 2, 0.5f, -1, -2, 0.1f)],
                ("kernel_shape", new[] { 2L }),
                ("strides", new[] { 2L }),
                ("ceil_mode", 1L)
            ),
            new("AveragePool", [F(2, 3, 4, 4)], ("kernel_shape", new[] { 2L, 2L }), ("strides", new[] { 2L, 2L })),
            new(
                "AveragePool",
                [F(1, 2, 5, 4)],
                ("kernel_shape", new[] { 3L, 2L }),
                ("strides", new[] { 2L, 1L }),
                ("pads", new[] { 1L, 0L, 1L, 1L })
            ),
            new(
                "AveragePool",
                [F(1, 2, 5, 5)],
                ("kernel_shape", new[] { 3L, 3L }),
                ("strides", new[] { 2L, 2L }),
                ("pads", new[] { 1L, 1L, 1L, 1L }),
                ("count_include_pad", 1L)
            ),
            new("AveragePool", [F(1, 2, 6)], ("kernel_shape", new[] { 4L }), ("strides", new[] { 3L })),
            new("AveragePool", [F(1, 2, 6)], ("kernel_shape", new[] { 3L }), ("strides", new[] { 2L }), ("pads", new[] { 1L, 1L })),
            new(
                "AveragePool",
                [F(1, 1, 6, 6)],
                ("kernel_shape", new[] { 3L, 3L }),
                ("strides", new[] { 2L, 2L }),
                ("pads", new[] { 1L, 1L, 1L, 1L }),
                ("count_include_pad", 1L)
            ),
            new("GlobalMaxPool", [F(2, 3, 4)]),
            new("GlobalMaxPool", [F(1, 2, 3, 2)]),
            new("Resize", [F(1, 2, 3, 2), None, C([4], 1, 1, 2, 3)], ("mode", "nearest")),
            new("Resize", [F(1, 2, 3, 4), None, C([4], 1, 1, 2, 1.5f)], ("mode", "linear")),
            new(
                "Resize",
                [F(1, 1, 3, 4), None, None, N(1, 1, 5, 2)],
                ("mode", "linear"),
                ("coordinate_transformation_mode", "align_corners")
            ),
            new("Resize", [F(2, 1, 4, 3), None, None, N(2, 1, 7, 5)], ("mode", "cubic"), ("cubic_coeff_a", -0.75f)),
            new(
                "Resize",
                [F(1, 1, 2, 2), None, None, N(1, 1, 4, 4)],
                ("mode", "nearest"),
                ("coordinate_transformation_mode", "asymmetric"),
                ("nearest_mode", "floor")
            ),
            new("DepthToSpace", [F(1, 8, 2, 3)], ("blocksize", 2L)),
            new("DepthToSpace", [F(2, 4, 2, 2)], ("blocksize", 2L), ("mode", "CRD")),
            new("SpaceToDepth", [F(1, 2, 4, 6)], ("blocksize", 2L)),
            new("MatMul", [F(2, 3), F(3, 4)]),
            new("MatMul", [F(2, 3, 4), F(4, 2)]),
            new("MatMul", [F(2, 3), F(2, 3, 2)]),
            new("MatMul", [F(2, 1, 2, 3), F(3, 3, 1)]),
            new("MatMul", [F(3), F(3)]),
            new("MatMul", [F(3), F(2, 3, 2)]),
            new("MatMul", [F(2, 2, 3), F(3)]),
            new("MatMul", [F(1, 1), F(1, 1)]),
            new("MatMul", [F(0, 3), F(3, 2)]),
            .. from a in new[] { 0L, 1L }
            from b in new[] { 0L, 1L }
            select new RuleCase(
                "Gemm",
                [a == 0 ? F(2, 3) : F(3, 2), b == 0 ? F(3, 4) : F(4, 3), F(4)],
                ("transA", a),
                ("transB", b),
                ("alpha", 0.5f),
                ("beta", 2f)
            ),
            new("Gemm", [F(2, 3), F(3, 1)]),
            new("Gemm", [F(2, 3), F(3, 4), F(2, 1)]),
            new("Gemm", [F(2, 3), F(3, 4), F()]),
            .. new[] { "ij,jk->ik", "ij,kj->ki", "ij,jk", "ij,jk->ijk", "ij,jk->k", "ij,jk->" }.Select(Einsum2),
            new("Einsum", [F(2, 3, 4), F(2, 4, 2)], ("equation", "bij,bjk->bik")),
            new("Einsum", [F(2, 3, 2, 4), F(2, 5, 2, 4)], ("equation", "bind,bjnd->bnij")),
            new("Einsum", [F(2, 3, 4), F(4, 2)], ("equation", "...d,de->...e")),
            new("Einsum", [F(2, 1, 3, 4), F(2, 2, 4, 2)], ("equation", "...ij,...jk->...ik")),
            new("Einsum", [F(2, 3)], ("equation", "ij->ji")),
            new("Einsum", [F(2, 3)], ("equation", "ij->i")),
            new("Einsum", [F(2, 3), F(3), F(2)], ("equation", "ij,j,i->i")),
            new("Einsum", [F(3), F(2)], ("equation", "i,j->ij")),
        ];

    private static RuleCase Einsum2(string equation) =>
        new("Einsum", [F(2, 3), equation.Contains("kj", StringComparison.Ordinal) ? F(4, 3) : F(3, 4)], ("equation", equation));

    private static IEnumerable<RuleCase> Reductions(string op, Func<long[], RuleInput> input)
    {
        RuleCase Of(long[] dims, long[]? axes, long keep)
        {
            var since = op == "ReduceSum" ? 13 : 18;
            return new RuleCase(op, axes is null ? [input(dims)] : [input(dims), N(axes)], ("keepdims", keep))
            {
                Opset = Math.Max(since, 18),
            };
        }

        return
        [
            Of([2, 3], [1], 1),
            Of([2, 3], [-1], 0),
            Of([2, 3, 2], [0, -1], 0),
            Of([2, 3, 2], [0, 2], 1),
            Of([2, 3], null, 0),
            Of([2, 3], null, 1),
            Of([3, 1], [1], 0),
            Of([5], [0], 0),
        ];
    }
}
