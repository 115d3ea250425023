namespace ExplainService.Graph.Shapes;

/// <summary>The shape rule of each operator: a line an operator; those that need more are in the files beside.</summary>
internal static class ShapeTable
{
    public const string Contrib = "com.microsoft";

    public static Dictionary<(string Domain, string Op), Action<ShapeRule>> Rules { get; } = Build();

    private static Dictionary<(string, string), Action<ShapeRule>> Build()
    {
        var table = new Dictionary<(string, string), Action<ShapeRule>>();
        Add(
            "",
            Same,
            "Sqrt Reciprocal Neg Abs Exp Log Erf Tanh Sigmoid Relu Gelu Softmax LogSoftmax Clip CumSum Trilu LeakyRelu Ceil Floor Round "
                + "Sign Sin Cos Tan Atan Sinh Cosh Softsign ThresholdedRelu Hardmax HardSigmoid Softplus Elu Selu Mish HardSwish Celu BitwiseNot "
                + "RMSNormalization SimplifiedLayerNormalization "
                + "ScatterND ScatterElements InstanceNormalization BatchNormalization GroupNormalization LpNormalization Swish TensorScatter"
        );
        Add("", Channels.LayerNorm, "LayerNormalization");
        Add("", Channels.Conv, "Conv ConvTranspose");
        Add("", Channels.GlobalPool, "GlobalAveragePool GlobalMaxPool");
        Add(
            Contrib,
            Same,
            "BiasGelu FastGelu QuickGelu Gelu SkipLayerNormalization SkipSimplifiedLayerNormalization RotaryEmbedding BiasSoftmax BiasAdd "
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
        Add("", rule => rule.Out(ElementType.Bool, rule.Dims(0)), "IsNaN IsInf");
        Add("", Elementwise.Same, "Add Sub Mul Div Pow Mod Min Max Sum Mean PRelu BitwiseAnd BitwiseOr BitwiseXor BitShift");
        Add("", Elementwise.Comparison, "Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor");
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
        Add(Contrib, Products.MatMul, "FusedMatMul MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul TransposeMatMul");
        Add(Contrib, Products.Gemm, "FusedGemm GemmFastGelu");
        Add(Contrib, Products.MatMulNBits, "MatMulNBits MatMulBnb4");
        Add(Contrib, Products.PackedAttention, "Attention QAttention");
        Add(Contrib, Products.HeadAttention, "MultiHeadAttention GroupQueryAttention DecoderMaskedMultiHeadAttention");
        Add(Contrib, Products.EmbedLayerNorm, "EmbedLayerNormalization");
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
        Add(Contrib, rule => rule.Out(rule.In(1).Type, rule.Dims(0)), "DequantizeLinear");
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
        return table;

        void Add(string domain, Action<ShapeRule> rule, string operators)
        {
            foreach (var op in operators.Split(' '))
            {
                table.Add((domain, op), rule);
            }
        }
    }

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
