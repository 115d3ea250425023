using Google.Protobuf.Collections;

namespace ExplainService.Graph.Onnx;

/// <summary>Replaces calls of model-local functions (dynamo exports) with the functions' bodies, so nothing later meets one.</summary>
internal static class FunctionInlining
{
    private const int DepthLimit = 64;

    // Functions that call each other twice double at every level: a small file could ask for more nodes than memory holds.
    private const int CallLimit = 100_000;

    public static void Apply(ModelProto model)
    {
        if (model.Functions.Count == 0)
        {
            return;
        }

        var functions = new Dictionary<(string, string, string), FunctionProto>();
        foreach (var function in model.Functions)
        {
            if (!functions.TryAdd((GraphReader.Domain(function.Domain), function.Name, function.Overload), function))
            {
                throw new GraphFormatException($"Function '{function.Name}' is defined twice.");
            }
        }

        var (counter, taken) = (0, Names(model.Graph).ToHashSet());
        Expand(model.Graph, 0);
        foreach (var opset in model.Functions.SelectMany(function => function.OpsetImport))
        {
            if (!model.OpsetImport.Any(known => GraphReader.Domain(known.Domain) == GraphReader.Domain(opset.Domain)))
            {
                model.OpsetImport.Add(opset);
            }
        }

        void Expand(GraphProto graph, int depth)
        {
            var nodes = graph.Node.SelectMany(node => Nodes(node, depth)).ToList();
            graph.Node.Clear();
            graph.Node.AddRange(nodes);
        }

        IEnumerable<NodeProto> Nodes(NodeProto node, int depth)
        {
            if (depth > DepthLimit)
            {
                throw new GraphFormatException($"Function '{node.OpType}' calls itself.");
            }

            if (counter > CallLimit)
            {
                throw new GraphFormatException($"The model's functions expand to more than {CallLimit} calls.");
            }

            foreach (var attribute in node.Attribute.Where(attribute => attribute.G is not null))
            {
                Expand(attribute.G, depth);
            }

            return functions.TryGetValue((GraphReader.Domain(node.Domain), node.OpType, node.Overload), out var function)
                ? Body(function, node, ++counter, taken).SelectMany(inner => Nodes(inner, depth + 1)).ToList()
                : [node];
        }
    }

    private static IEnumerable<string> Names(GraphProto graph) =>
        graph
            .Initializer.Select(tensor => tensor.Name)
            .Concat(graph.Input.Select(input => input.Name))
            .Concat(
                graph.Node.SelectMany(node =>
                    node.Output.Concat(node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(Names))
                )
            );

    private static IEnumerable<NodeProto> Body(FunctionProto function, NodeProto call, int number, HashSet<string> taken)
    {
        string Free(string name)
        {
            while (!taken.Add(name))
            {
                name += "_";
            }

            return name;
        }

        var names = new Dictionary<string, string> { [""] = "" };
        for (var i = 0; i < function.Input.Count; i++)
        {
            names[function.Input[i]] = i < call.Input.Count ? call.Input[i] : "";
        }

        for (var i = 0; i < function.Output.Count; i++)
        {
            // An output that the caller leaves out still needs a name when the body reads it.
            names[function.Output[i]] =
                i < call.Output.Count && call.Output[i].Length > 0 ? call.Output[i] : Free($"{function.Output[i]}_{number}");
        }

        var attributes = function
            .AttributeProto.Concat(call.Attribute)
            .GroupBy(a => a.Name)
            .ToDictionary(group => group.Key, group => group.Last());
        return function.Node.Select(node => Rename(node.Clone(), names, attributes, name => Free($"{function.Name}_{number}_{name}")));
    }

    private static NodeProto Rename(
        NodeProto node,
        Dictionary<string, string> names,
        Dictionary<string, AttributeProto> attributes,
        Func<string, string> create
    )
    {
        RenameAll(node.Input, names, create);
        RenameAll(node.Output, names, create);
        // ONNX Runtime refuses two nodes of one name.
        node.Name = node.Name.Length > 0 ? create(node.Name) : "";
        foreach (var attribute in node.Attribute.Where(attribute => attribute.RefAttrName.Length > 0).ToList())
        {
            node.Attribute.Remove(attribute);
            if (!attributes.TryGetValue(attribute.RefAttrName, out var value))
            {
                continue;
            }

            value = value.Clone();
            value.Name = attribute.Name;
            node.Attribute.Add(value);
        }

        foreach (var graph in node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>())
        {
            foreach (var tensor in graph.Initializer)
            {
                tensor.Name = New(tensor.Name, names, create);
            }

            foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            {
                value.Name = New(value.Name, names, create);
            }

            foreach (var inner in graph.Node)
            {
                Rename(inner, names, attributes, create);
            }
        }

        return node;
    }

    private static void RenameAll(RepeatedField<string> field, Dictionary<string, string> names, Func<string, string> create)
    {
        for (var i = 0; i < field.Count; i++)
        {
            field[i] = New(field[i], names, create);
        }
    }

    private static string New(string name, Dictionary<string, string> names, Func<string, string> create)
    {
        if (!names.TryGetValue(name, out var renamed))
        {
            names[name] = renamed = create(name);
        }

        return renamed;
    }
}
