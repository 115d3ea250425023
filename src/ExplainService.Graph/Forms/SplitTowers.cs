using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Forms;

/// <summary>The two graphs that a model of pictures and texts is, each with the other's embeddings as an input.</summary>
/// <param name="Pictures">
/// <c>pixel_values</c> and embeddings of labels [labels × size] → <c>logits</c> [pictures × labels].
/// </param>
/// <param name="Texts"><c>input_ids</c> and embeddings of pictures [pictures × size] → <c>logits</c> [texts × pictures].</param>
/// <param name="Size">Numbers of an embedding.</param>
public sealed record Towers(ModelGraph Pictures, ModelGraph Texts, int Size);

/// <summary>
/// Takes a model that compares pictures with texts apart, where the embeddings of the two meet in a product. Each half is then a model
/// of one kind of input, of which every form is made as of any other, and what the other half says is computed once.
/// </summary>
public static class SplitTowers
{
    private const string OfPictures = "logits_per_image";
    private const string OfTexts = "logits_per_text";

    /// <summary>What may stand between the product of the two and the logits.</summary>
    private static readonly HashSet<string> Scaling = ["Mul", "Div", "Transpose", "Identity", "Cast"];

    /// <summary>Whether a graph reads pictures and texts.</summary>
    public static bool Applies(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return PatchInput.Takes(graph) && graph.Inputs.Exists(input => EmbeddingLookup.IsTokenIds(input.Name));
    }

    /// <summary>Splits a graph, which stays as it is.</summary>
    /// <exception cref="NotSupportedException">The two do not meet in a product alone; the message says where.</exception>
    public static Towers Apply(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return GraphGuard.Run("taking its pictures and texts apart", () => Split(graph.Clone()));
    }

    private static Towers Split(ModelGraph graph)
    {
        RenameValues.Apply(
            graph,
            graph
                .AllNames()
                .Where(name => name.StartsWith(FormNames.Prefix, StringComparison.Ordinal) || name == "logits")
                .Distinct()
                .ToDictionary(name => name, name => graph.Unique("model_" + name))
        );
        var output =
            graph.Outputs.Find(value => value.Name == OfPictures)
            ?? graph.Outputs.Find(value => value.Name == OfTexts)
            ?? throw Refused(graph, $"it has no output '{OfPictures}'");
        graph.Outputs.RemoveAll(value => value.Name != output.Name);
        GraphCanonicalization.Apply(graph);
        graph.RemoveDead();
        graph.Sort();

        var (pictures, texts) = Reached(graph);
        var meeting = graph.Nodes.Where(node => node.Reads.Any(pictures.Contains) && node.Reads.Any(texts.Contains)).ToArray();
        var product = Product(graph, meeting, pictures, texts);
        var picture = Origin(graph, product.Inputs.Single(name => pictures.Contains(name)));
        var text = Origin(graph, product.Inputs.Single(name => texts.Contains(name)));
        var shapes = InferredShapes.Of(graph);
        if (
            shapes[picture].Dims is not [_, { Value: { } size }]
            || shapes[text].Dims is not [_, { Value: { } width }]
            || size != width
            || size > int.MaxValue
        )
        {
            throw Refused(graph, $"the sizes of the embeddings that meet in {product.Place} do not show");
        }

        // Declared sizes between product and logits name the other half's batch, of which there is none any more.
        foreach (var name in meeting.SelectMany(node => node.Outputs))
        {
            graph.Declared.Remove(name);
        }

        return new Towers(
            Half(graph, picture, text, size, output.Name, turned: output.Name != OfPictures),
            Half(graph, text, picture, size, output.Name, turned: output.Name == OfPictures),
            (int)size
        );
    }

    /// <summary>What follows from the pictures alone, and what from the texts; from both nothing is in either.</summary>
    private static (HashSet<string> Pictures, HashSet<string> Texts) Reached(ModelGraph graph)
    {
        var pictures = TokenPath.Reach(graph, [PatchEmbedding.Input]);
        var texts = TokenPath.Reach(graph, graph.Inputs.Select(input => input.Name).Where(name => name != PatchEmbedding.Input));
        var both = pictures.Intersect(texts).ToHashSet();
        var joined = graph.Nodes.Where(node => node.Outputs.Exists(both.Contains)).ToArray();

        // Readers of both come after the node where they meet: only that one reads each of them.
        pictures.ExceptWith(both);
        texts.ExceptWith(both);
        return joined.Length > 0 ? (pictures, texts) : throw Refused(graph, "its output does not follow from both");
    }

    private static Node Product(ModelGraph graph, Node[] meeting, HashSet<string> pictures, HashSet<string> texts)
    {
        if (meeting is not [{ Op: "MatMul" or "Gemm", Inputs.Count: 2 } product])
        {
            throw Refused(
                graph,
                meeting.FirstOrDefault() is { } first ? $"they meet in {first.Place}, not in one product" : "they do not meet"
            );
        }

        var after = TokenPath.Reach(graph, product.Outputs);
        foreach (var node in graph.Nodes.Where(node => node != product && node.Outputs.Exists(after.Contains)))
        {
            if (node.Reads.Any(name => pictures.Contains(name) || texts.Contains(name)))
            {
                throw Refused(graph, $"they meet in {node.Place} too");
            }

            if (node.Op is "Add" or "Sub")
            {
                throw Refused(
                    graph,
                    $"a bias is added to their products ({node.Place}): such a model says of each label alone how likely it is, and reads texts of one length"
                );
            }

            if (
                !Scaling.Contains(node.Op)
                || node.Inputs.Count(after.Contains) != 1
                || (node.Op == "Div" && after.Contains(node.Inputs[1]))
            )
            {
                throw Refused(graph, $"{node.Place} stands between their product and the logits");
            }
        }

        return product;
    }

    /// <summary>Where embeddings come from that were only turned on their way.</summary>
    private static string Origin(ModelGraph graph, string value)
    {
        var producers = graph.Producers();
        while (producers.TryGetValue(value, out var node) && node.Op is "Transpose" or "Identity")
        {
            value = node.Inputs[0];
        }

        return value;
    }

    /// <summary>One half: what gives <paramref name="own"/>, with what stands in for the <paramref name="other"/>.</summary>
    private static ModelGraph Half(ModelGraph graph, string own, string other, long size, string output, bool turned)
    {
        var half = graph.Clone();
        var tape = new Tape(half);
        var type = tape[other].Type;
        var beside = tape.Input(FormNames.Beside, ElementType.Float, Dim.Of("beside"), size).Cast(type);
        half.ReplaceUses(other, beside.Name);
        half.Outputs.Clear();
        half.Sort();
        var finished = new Tape(half);
        var logits = finished[output];
        finished.Output(turned ? logits.Transpose(1, 0) : logits, "logits");
        finished.Output(finished[own].Cast(ElementType.Float), FormNames.Side);
        half.RemoveDead();
        var read = half.Nodes.SelectMany(node => node.Reads).ToHashSet();
        half.Inputs.RemoveAll(input => !read.Contains(input.Name));
        half.Sort();
        return half;
    }

    private static NotSupportedException Refused(ModelGraph graph, string why)
    {
        var words = graph.Inputs.Find(input => EmbeddingLookup.IsTokenIds(input.Name))!.Name;
        return new NotSupportedException(
            $"The graph reads pictures ('{PatchEmbedding.Input}') and texts ('{words}') together, and this version explains those that compare the two by a product of their embeddings: {why}."
        );
    }
}
