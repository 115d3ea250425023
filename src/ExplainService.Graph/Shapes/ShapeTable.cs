using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Shapes;

/// <summary>The shape rule of each operator: a line an operator; those that need more are in the files beside.</summary>
internal static class ShapeTable
{
    public static Dictionary<(string Domain, string Op), Action<ShapeRule>> Rules { get; } = Build();

    private static Dictionary<(string, string), Action<ShapeRule>> Build()
    {
        var table = new Dictionary<(string, string), Action<ShapeRule>>();
        Add(
            "",
            Same,
            "Softmax LogSoftmax CumSum Trilu Hardmax RMSNormalization SimplifiedLayerNormalization ScatterND ScatterElements "
                + "InstanceNormalization BatchNormalization GroupNormalization LpNormalization TensorScatter"
        );
        Add("", ChannelShapes.LayerNorm, "LayerNormalization");
        Add("", ChannelShapes.Conv, "Conv ConvTranspose");
        Add("", PictureShapes.Pool, "MaxPool AveragePool");
        Add("", PictureShapes.Resize, "Resize");
        Add("", PictureShapes.Blocks, "DepthToSpace SpaceToDepth");
        Add("", ChannelShapes.GlobalPool, "GlobalAveragePool GlobalMaxPool");
        Add(
            OperatorTable.Contrib,
            Same,
            "BiasGelu FastGelu SkipLayerNormalization SkipSimplifiedLayerNormalization RotaryEmbedding BiasSoftmax BiasAdd "
                + "LayerNormalization SimplifiedLayerNormalization"
        );
        Add(
            "",
            rule =>
            {
                rule.Out(rule.In(0));
                rule.Out(new TensorInfo(ElementType.Bool, rule.Dims(0)), 1);
            },
            "Dropout"
        );
        Add("", rule => rule.Out(rule.In(0)), "Identity");
        Add("", rule => rule.Out(ElementType.Bool, rule.Dims(0), ConstantValues.Not(rule)), "Not");
        Add("", ElementwiseShapes.Where, "Where");
        Add(
            "",
            ReductionShapes.Reduce,
            "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp ReduceLogSum"
        );
        Add("", ReductionShapes.Arg, "ArgMax ArgMin");
        Add("", ReductionShapes.TopK, "TopK");
        Add("", MatMulShapes.MatMul, "MatMul MatMulInteger");
        Add("", MatMulShapes.Gemm, "Gemm");
        Add("", MatMulShapes.Einsum, "Einsum");
        Add("", MatMulShapes.Attention, "Attention");
        Add(
            OperatorTable.Contrib,
            MatMulShapes.MatMul,
            "FusedMatMul MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul TransposeMatMul"
        );
        Add(OperatorTable.Contrib, MatMulShapes.Gemm, "FusedGemm GemmFastGelu");
        Add(OperatorTable.Contrib, MatMulShapes.MatMulNBits, "MatMulNBits MatMulBnb4");
        Add(OperatorTable.Contrib, MatMulShapes.PackedAttention, "Attention QAttention");
        Add(OperatorTable.Contrib, MatMulShapes.HeadAttention, "MultiHeadAttention GroupQueryAttention DecoderMaskedMultiHeadAttention");
        Add(OperatorTable.Contrib, MatMulShapes.EmbedLayerNorm, "EmbedLayerNormalization");
        Add("", LayoutShapes.Reshape, "Reshape");
        Add("", LayoutShapes.Transpose, "Transpose");
        Add("", LayoutShapes.Squeeze, "Squeeze");
        Add("", LayoutShapes.Unsqueeze, "Unsqueeze");
        Add("", LayoutShapes.Flatten, "Flatten");
        Add("", LayoutShapes.Expand, "Expand");
        Add("", LayoutShapes.Tile, "Tile");
        Add("", LayoutShapes.Concat, "Concat");
        Add("", LayoutShapes.Split, "Split");
        Add("", LayoutShapes.Slice, "Slice");
        Add("", LayoutShapes.Pad, "Pad");
        Add("", IndexingShapes.Gather, "Gather");
        Add("", rule => rule.Out(rule.In(0).Type, rule.Dims(1)), "GatherElements");
        Add("", IndexingShapes.GatherNd, "GatherND");
        Add("", IndexingShapes.OneHot, "OneHot");
        Add("", rule => rule.Out(ElementType.Int64, rule.Dims(0) is { } dims ? [dims.Length, Dim.Unknown] : null), "NonZero");
        Add("", GeneratorShapes.Shape, "Shape");
        Add("", rule => rule.Out(ElementType.Int64, [], rule.Dims(0) is { } dims ? [ShapeRule.Product(dims)] : null), "Size");
        Add("", GeneratorShapes.Cast, "Cast");
        Add("", rule => rule.Out(rule.In(1).Type, rule.Dims(0), rule.In(1).Type.IsIndex() ? rule.In(0).Content : null), "CastLike");
        Add("", GeneratorShapes.Constant, "Constant");
        Add("", GeneratorShapes.ConstantOfShape, "ConstantOfShape");
        Add("", GeneratorShapes.Range, "Range");
        Add("", rule => rule.Out((ElementType)rule.Node.Int("dtype", (long)rule.In(0).Type), rule.Dims(0)), "EyeLike");
        Add("", rule => rule.Out(rule.In(1).Type, rule.Dims(0)), "DequantizeLinear");
        Add(OperatorTable.Contrib, rule => rule.Out(rule.In(1).Type, rule.Dims(0)), "DequantizeLinear");
        Add(
            "",
            rule =>
            {
                ElementType[] told = [rule.In(2).Type, (ElementType)rule.Node.Int("output_dtype"), ElementType.UInt8];
                rule.Out(Array.Find(told, type => type != ElementType.Undefined), rule.Dims(0));
            },
            "QuantizeLinear"
        );
        Add("", GeneratorShapes.DynamicQuantize, "DynamicQuantizeLinear");
        Add("", GeneratorShapes.If, "If");
        foreach (var row in OperatorTable.Rows)
        {
            if (RuleOf(row.Traits) is { } rule)
            {
                table.TryAdd((row.Domain, row.Op), rule);
            }
        }

        return table;

        void Add(string domain, Action<ShapeRule> rule, string operators)
        {
            foreach (var op in operators.Split(' '))
            {
                table.Add((domain, op), rule);
            }
        }
    }

    /// <summary>The rule of operators that have none of their own: what they do tells the shape.</summary>
    private static Action<ShapeRule>? RuleOf(OperatorTrait traits) =>
        (traits.HasFlag(OperatorTrait.Unary), traits.HasFlag(OperatorTrait.Elementwise), traits.HasFlag(OperatorTrait.Predicate)) switch
        {
            (true, _, false) => Same,
            (true, _, true) => rule => rule.Out(ElementType.Bool, rule.Dims(0)),
            (_, true, false) => ElementwiseShapes.Same,
            (_, true, true) => ElementwiseShapes.Comparison,
            _ => null,
        };

    // The fourth output of the skip normalisations, the sum that is passed on, has the same shape.
    private static void Same(ShapeRule rule)
    {
        var info = rule.In(0) with { Content = null };
        rule.Out(info);
        if (rule.Node.Op.StartsWith("Skip", StringComparison.Ordinal))
        {
            rule.Out(info, 3);
        }
    }
}
