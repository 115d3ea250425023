using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Forms;

/// <summary>
/// Lets a model of pictures take the places of its sequence, each with the pixels of its patch, in place of the picture: what a place of a
/// sequence brings is then an input as word embeddings are, and every form that looks inside, differentiates or intervenes is made as
/// for text.
/// </summary>
internal static class PatchInput
{
    /// <summary>Whether a graph takes a picture.</summary>
    public static bool Takes(ModelGraph graph) => graph.Inputs.Exists(input => input.Name == PatchEmbedding.Input);

    /// <summary>Rewrites in place.</summary>
    /// <param name="graph">A model's graph.</param>
    /// <param name="size">The picture's size, where the graph leaves it open.</param>
    /// <exception cref="NotSupportedException">The graph's picture is of another size.</exception>
    public static PatchLayout Apply(ModelGraph graph, PixelSize size)
    {
        var input = graph.Inputs.Find(value => value.Name == PatchEmbedding.Input)!;
        Dim[] given = [Dim.Of("batch"), size.Channels, size.Height, size.Width];
        var own = input.Dims is { Count: 4 } dims ? dims : given;
        for (var axis = 1; axis < 4; axis++)
        {
            if (own[axis].Value is { } number && number != given[axis].Value)
            {
                throw new NotSupportedException(
                    $"The graph takes pictures of [channels, height, width] {own[1]}, {own[2]}, {own[3]}; its settings say {given[1]}, {given[2]}, {given[3]}."
                );
            }
        }

        ReplaceDims.Apply(
            graph,
            Enumerable
                .Range(1, 3)
                .Where(axis => own[axis].Symbol is not null)
                .DistinctBy(axis => own[axis].Symbol)
                .ToDictionary(axis => own[axis].Symbol!, axis => given[axis])
        );
        given[0] = own[0].IsUnknown ? given[0] : own[0];
        graph.Inputs[graph.Inputs.IndexOf(graph.Inputs.Find(value => value.Name == input.Name)!)] = input with { Dims = given };
        GraphCanonicalization.Apply(graph);
        var layout = PatchEmbedding.Find(graph, InferredShapes.Of(graph), size);
        Emit(graph, layout, graph.Inputs.Find(value => value.Name == input.Name)!);
        return layout;
    }

    private static void Emit(ModelGraph graph, PatchLayout layout, ValueInfo input)
    {
        graph.Inputs.Remove(input);
        var tape = new Tape(graph);
        var sequence = tape.Input(FormNames.Embeddings, ElementType.Float, input.Dims![0], layout.Sequence, layout.TokenSize);
        var patches = layout.Sequence == layout.Count ? sequence : sequence.Slice(1, layout.Before, layout.Before + layout.Count);
        var (pixels, rows, columns) = (layout.Pixels, layout.Rows * layout.PatchHeight, layout.Columns * layout.PatchWidth);
        var picture = patches
            .Reshape(0, layout.Rows, layout.Columns, layout.PatchHeight, layout.PatchWidth, pixels.Channels)
            .Transpose(0, 5, 1, 3, 2, 4)
            .Reshape(0, pixels.Channels, rows, columns);
        picture = rows == pixels.Height ? picture : picture.Slice(2, 0, pixels.Height);
        picture = columns == pixels.Width ? picture : picture.Slice(3, 0, pixels.Width);
        graph.ReplaceUses(input.Name, picture.Cast(input.Type).Name);
        graph.Sort();
    }
}
