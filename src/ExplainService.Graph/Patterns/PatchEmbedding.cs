using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// Finds how a model cuts a picture into patches, by structure: a convolution whose stride is its kernel, or the picture laid out as
/// [batch, channels, rows, height, columns, width]; and at which places of the sequence the patches stand.
/// </summary>
public static class PatchEmbedding
{
    /// <summary>The name that exporters give to a picture's numbers, [batch, channels, height, width].</summary>
    public const string Input = "pixel_values";

    /// <summary>More units than that along a side say nothing to people, and cost as many evaluations.</summary>
    private const int MostAlong = 16;

    /// <summary>The layout for a picture of that size.</summary>
    /// <param name="graph">Sorted; its input has the picture's size.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="pixels">The picture.</param>
    internal static PatchLayout Find(ModelGraph graph, InferredShapes shapes, PixelSize pixels)
    {
        var ofPixels = TokenPath.Reach(graph, [Input]);
        foreach (var node in graph.Nodes.Where(node => node.Inputs.Count > 0 && ofPixels.Contains(node.Inputs[0])))
        {
            if (node.Is("Softmax"))
            {
                break;
            }

            if (PatchOf(node, shapes, pixels) is not { } patch)
            {
                continue;
            }

            // Of patches that do not divide the picture the model leaves the rest out: a grid of all pixels is then not its own.
            var layout = new PatchLayout(pixels, patch.Height, patch.Width)
            {
                IsModels = pixels.Height % patch.Height == 0 && pixels.Width % patch.Width == 0,
            };
            return Placed(graph, shapes, layout) ?? Coarser(layout);
        }

        return Coarser(new PatchLayout(pixels, 1, 1));
    }

    private static (int Height, int Width)? PatchOf(Node node, InferredShapes shapes, PixelSize pixels)
    {
        switch (node.Op)
        {
            case "Conv":
                var kernel = node.Inputs.Count > 1 ? shapes[node.Inputs[1]].Dims : null;
                return
                    kernel is [_, _, { Value: > 1 and var height }, { Value: > 1 and var width }]
                    && node.Ints("strides") is [var down, var right]
                    && (down, right) == (height, width)
                    && (node.Ints("pads") ?? []).All(pad => pad == 0)
                    && (node.Text("auto_pad") ?? "NOTSET") is ("NOTSET" or "VALID")
                    && shapes[node.Inputs[0]].Dims is [_, _, { Value: { } rows }, { Value: { } columns }]
                    && rows == pixels.Height
                    && columns == pixels.Width
                    ? ((int)height, (int)width)
                    : null;
            case "Reshape":
                return
                    shapes[node.Output].Dims
                        is [
                            _,
                            { Value: { } channels },
                            { Value: > 1 and var up },
                            { Value: > 1 and var high },
                            { Value: > 1 and var along },
                            { Value: > 1 and var wide },
                        ]
                    && channels == pixels.Channels
                    && up * high == pixels.Height
                    && along * wide == pixels.Width
                    ? ((int)high, (int)wide)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>
    /// With the tokens that are joined to the patches before they first attend to each other; null where the sequence is not that of the
    /// patches (windows, stages that merge them).
    /// </summary>
    private static PatchLayout? Placed(ModelGraph graph, InferredShapes shapes, PatchLayout layout)
    {
        var ofPixels = TokenPath.Reach(graph, [Input]);
        var (before, behind) = (0, 0);
        foreach (var node in graph.Nodes)
        {
            if (node.Is("Softmax") && shapes[node.Output].Dims is [.., var key])
            {
                return key.Value == layout.Count + before + behind ? layout with { Before = before, Behind = behind } : null;
            }

            if (node.Op is "Attention" or "QAttention" or "MultiHeadAttention")
            {
                return shapes[node.Inputs[0]].Dims is [_, var tokens, _] && tokens.Value == layout.Count + before + behind
                    ? layout with
                    {
                        Before = before,
                        Behind = behind,
                    }
                    : null;
            }

            if (!node.Is("Concat") || shapes[node.Output].Dims is not { Length: 3 } || node.Int("axis") is not (1 or -2))
            {
                continue;
            }

            var sizes = node.Inputs.Select(input => shapes[input].Dims?[1].Value).ToArray();
            var patches = Array.FindIndex(
                sizes,
                size => size == layout.Count && ofPixels.Contains(node.Inputs[Array.IndexOf(sizes, size)])
            );
            if (patches >= 0 && Array.TrueForAll(sizes, size => size is not null))
            {
                (before, behind) = ((int)sizes[..patches].Sum()!.Value, (int)sizes[(patches + 1)..].Sum()!.Value);
            }
        }

        return null;
    }

    /// <summary>Patches of the model, or single pixels, joined until there are few enough to be looked at; best such that they fill the picture.</summary>
    private static PatchLayout Coarser(PatchLayout layout)
    {
        var (height, width) = (layout.PatchHeight, layout.PatchWidth);
        var largest = Math.Max((double)layout.Pixels.Height / height, (double)layout.Pixels.Width / width);
        var least = (int)Math.Ceiling(largest / MostAlong);
        var factor = Enumerable.Range(least, least).FirstOrDefault(Fills, least);
        return factor == 1 ? layout : new PatchLayout(layout.Pixels, height * factor, width * factor);

        bool Fills(int by) => layout.Pixels.Height % (height * by) == 0 && layout.Pixels.Width % (width * by) == 0;
    }
}
