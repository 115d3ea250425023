namespace ExplainService.Graph.Shapes;

/// <summary>What a shape rule sees: a node, what is known of its inputs, and where to put what it concludes.</summary>
internal sealed class ShapeRule(Node node, InferredShapes shapes, long opset)
{
    private readonly TensorInfo?[] results = new TensorInfo?[node.Outputs.Count];

    public Node Node => node;

    public long Opset => opset;

    public InferredShapes Shapes => shapes;

    public TensorInfo In(int index) => node.Input(index) is { } name ? shapes[name] : TensorInfo.None;

    public Dim[]? Dims(int index) => In(index).Dims;

    public TensorInfo Result(int index) => results[index] ?? TensorInfo.None;

    public void Out(TensorInfo info, int index = 0)
    {
        if (index < results.Length)
        {
            results[index] = info.Content?.Length > TensorInfo.ContentLimit || Contradicts(info) ? info with { Content = null } : info;
        }
    }

    private static bool Contradicts(TensorInfo info) =>
        info is { Content: { } content, Dims: { } dims } && Product(dims).Value is { } count && count != content.Length;

    public void Out(ElementType type, Dim[]? dims, Dim[]? content = null) => Out(new TensorInfo(type, dims, content));

    /// <summary>A list that was an attribute in old opsets and is an input in new ones; null when absent or not constant.</summary>
    public long[]? List(string attribute, int input) => node.Ints(attribute) ?? In(input).Numbers;

    /// <summary>Whether the list is given at all.</summary>
    public bool HasList(string attribute, int input) => node.Ints(attribute) is not null || node.Input(input) is not null;

    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    public static Dim Broadcast(Dim a, Dim b)
    {
        if (a == b || b.Value == 1)
        {
            return a;
        }

        if (a.Value == 1)
        {
            return b;
        }
        // A known size above one wins: the other is the same or one.
        if (a.Value is not null)
        {
            return a;
        }

        if (b.Value is not null)
        {
            return b;
        }
        // An unknown size beside a named one (positions sliced to the length of a run) is that one, or 1.
        if (a.IsUnknown)
        {
            return b;
        }

        return b.IsUnknown ? a : Dim.Unknown;
    }

    public static Dim[]? Broadcast(Dim[]? a, Dim[]? b)
    {
        if (a is null || b is null)
        {
            return null;
        }

        var result = new Dim[Math.Max(a.Length, b.Length)];
        for (var i = 1; i <= result.Length; i++)
        {
            result[^i] = Broadcast(i <= a.Length ? a[^i] : 1, i <= b.Length ? b[^i] : 1);
        }

        return result;
    }

    public static Dim Product(IEnumerable<Dim> dims) => dims.Aggregate((Dim)1, (product, dim) => product * dim);

    public static Dim[] Unknown(int rank) => new Dim[rank];
}
