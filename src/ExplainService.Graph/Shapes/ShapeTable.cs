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
        Add("", Channels.LayerNorm, "LayerNormalization");
        Add("", Channels.Conv, "Conv ConvTranspose");
        Add("", Channels.GlobalPool, "GlobalAveragePool GlobalMaxPool");
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
                rule.Out(new TensorFact(ElementType.Bool, rule.Dims(0)), 1);
            },
            "Dropout"
        );
        Add("", rule => rule.Out(rule.In(0)), "Identity");
        Add("", rule => rule.Out(ElementType.Bool, rule.Dims(0), Contents.Not(rule)), "Not");
        Add("", Elementwise.Where, "Where");
        Add(
            "",
            Reductions.Reduce,
            "ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp ReduceLogSum"
        );
        Add("", Reductions.Arg, "ArgMax ArgMin");
        Add("", Reductions.TopK, "TopK");
        Add("", Products.MatMul, "MatMul MatMulInteger");
        Add("", Products.Gemm, "Gemm");
        Add("", Products.Einsum, "Einsum");
        Add("", Products.Attention, "Attention");
        Add(OperatorTable.Contrib, Products.MatMul, "FusedMatMul MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul TransposeMatMul");
        Add(OperatorTable.Contrib, Products.Gemm, "FusedGemm GemmFastGelu");
        Add(OperatorTable.Contrib, Products.MatMulNBits, "MatMulNBits MatMulBnb4");
        Add(OperatorTable.Contrib, Products.PackedAttention, "Attention QAttention");
        Add(OperatorTable.Contrib, Products.HeadAttention, "MultiHeadAttention GroupQueryAttention DecoderMaskedMultiHeadAttention");
        Add(OperatorTable.Contrib, Products.EmbedLayerNorm, "EmbedLayerNormalization");
        Add("", Layout.Reshape, "Reshape");
        Add("", Layout.Transpose, "Transpose");
        Add("", Layout.Squeeze, "Squeeze");
        Add("", Layout.Unsqueeze, "Unsqueeze");
        Add("", Layout.Flatten, "Flatten");
        Add("", Layout.Expand, "Expand");
        Add("", Layout.Tile, "Tile");
        Add("", Layout.Concat, "Concat");
        Add("", Layout.Split, "Split");
        Add("", Layout.Slice, "Slice");
        Add("", Layout.Pad, "Pad");
        Add("", Indexing.Gather, "Gather");
        Add("", rule => rule.Out(rule.In(0).Type, rule.Dims(1)), "GatherElements");
        Add("", Indexing.GatherNd, "GatherND");
        Add("", Indexing.OneHot, "OneHot");
        Add("", rule => rule.Out(ElementType.Int64, rule.Dims(0) is { } dims ? [dims.Length, Dim.Unknown] : null), "NonZero");
        Add("", Sources.Shape, "Shape");
        Add("", rule => rule.Out(ElementType.Int64, [], rule.Dims(0) is { } dims ? [ShapeRule.Product(dims)] : null), "Size");
        Add("", Sources.Cast, "Cast");
        Add("", rule => rule.Out(rule.In(1).Type, rule.Dims(0), rule.In(1).Type.IsIndex() ? rule.In(0).Content : null), "CastLike");
        Add("", Sources.Constant, "Constant");
        Add("", Sources.ConstantOfShape, "ConstantOfShape");
        Add("", Sources.Range, "Range");
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
        Add("", Sources.DynamicQuantize, "DynamicQuantizeLinear");
        Add("", Sources.If, "If");
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
            (_, true, false) => Elementwise.Same,
            (_, true, true) => Elementwise.Comparison,
            _ => null,
        };

    // The fourth output of the skip normalisations, the sum that is passed on, has the same shape.
    private static void Same(ShapeRule rule)
    {
        var fact = rule.In(0) with { Content = null };
        rule.Out(fact);
        if (rule.Node.Op.StartsWith("Skip", StringComparison.Ordinal))
        {
            rule.Out(fact, 3);
        }
    }
}
