using ExplainService.Graph.Gradients;

namespace ExplainService.Graph.Forms;

/// <summary>One graph that ONNX Runtime runs, made from a model's graph.</summary>
/// <param name="Name">What it is for, such as <c>forward</c> or <c>gradient</c>.</param>
/// <param name="Model">The serialised ModelProto; weights over 1 KiB are declared in it without their data.</param>
/// <param name="Weights">Those weights by name; the same objects in all forms of a model.</param>
/// <param name="Inputs">What a run feeds.</param>
/// <param name="Outputs">What a run can ask for.</param>
public sealed record Form(
    string Name,
    byte[] Model,
    IReadOnlyDictionary<string, Weight> Weights,
    IReadOnlyList<FormValue> Inputs,
    IReadOnlyList<FormValue> Outputs
)
{
    /// <summary>How many operators it has, those of subgraphs aside.</summary>
    public int Nodes { get; init; }

    /// <summary>Of a relevance form: what its rules held still.</summary>
    public FrozenParts? Frozen { get; init; }

    /// <summary>Serialises a graph as a form, its large weights beside it.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="inner">What to declare of values between the nodes.</param>
    public static Form Of(string name, ModelGraph graph, IEnumerable<ValueInfo>? inner = null) =>
        new(
            name,
            Onnx.GraphSerializer.Serialize(graph, Onnx.WeightPlacement.External, inner),
            Onnx.GraphSerializer.Outside(graph),
            [.. graph.Inputs.Select(FormValue.Of)],
            [.. graph.Outputs.Select(FormValue.Of)]
        )
        {
            Nodes = graph.Nodes.Count,
        };
}

/// <summary>An input or output of a form.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">The element type.</param>
/// <param name="Dims">A number, a symbol such as <c>batch_size</c>, or null where unknown.</param>
public sealed record FormValue(string Name, ElementType Type, IReadOnlyList<string?> Dims)
{
    internal static FormValue Of(ValueInfo value) =>
        new(value.Name, value.Type, [.. (value.Dims ?? []).Select(dim => dim.IsUnknown ? null : dim.ToString())]);
}
