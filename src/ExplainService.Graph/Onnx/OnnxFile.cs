using Google.Protobuf;

namespace ExplainService.Graph.Onnx;

/// <summary>Reads ONNX files.</summary>
public static class OnnxFile
{
    /// <summary>
    /// Reads a model; weights in external files are copied: the model stays what it was when they change. Model-local functions come out
    /// inlined.
    /// </summary>
    /// <exception cref="GraphFormatException">
    /// The file is damaged or reaches outside its folder; the text says which tensor or node.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ModelGraph Load(string path)
    {
        var model = Parse(path);
        if (model.Graph is null || model.OpsetImport.Count == 0)
        {
            throw new GraphFormatException($"'{Path.GetFileName(path)}' is not an ONNX model: it holds no graph or names no opset.");
        }

        return GraphGuard.Run(
            $"reading '{Path.GetFileName(path)}'",
            () =>
            {
                FunctionInlining.Apply(model);
                using var external = new ExternalData(path);
                var graph = new GraphReader(external).Read(model.Graph);
                graph.IrVersion = model.IrVersion;
                foreach (var opset in model.OpsetImport)
                {
                    graph.Opsets[GraphReader.Domain(opset.Domain)] = opset.Version;
                }

                SubgraphWeights.Hoist(graph);
                GraphCheck.Names(graph);
                GraphCheck.Inputs(graph, graph.Opset);
                graph.Sort();
                return graph;
            }
        );
    }

    private static ModelProto Parse(string path)
    {
        PlainFile.Require(path);
        using var stream = File.OpenRead(path);
        try
        {
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new GraphFormatException(
                $"'{Path.GetFileName(path)}' is not an ONNX model or is cut short: {exception.Message}",
                exception
            );
        }
    }
}
