using System.Text;
using Google.Protobuf;

namespace ExplainService.Graph.Onnx;

/// <summary>Turns protobuf messages into a <see cref="ModelGraph"/>.</summary>
internal sealed class GraphReader(ExternalData external)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    public ModelGraph Read(GraphProto proto)
    {
        if (proto.SparseInitializer.Count > 0)
        {
            throw new GraphFormatException("Sparse initialisers are not supported.");
        }

        var graph = new ModelGraph { Name = proto.Name };
        foreach (var tensor in proto.Initializer)
        {
            graph.Weights[tensor.Name] = Tensor(tensor, tensor.Name);
        }
        // Before IR 4 every initialiser is listed as an input too; nobody feeds those.
        graph.Inputs.AddRange(proto.Input.Where(input => !graph.Weights.ContainsKey(input.Name)).Select(Info));
        graph.Outputs.AddRange(proto.Output.Select(Info));
        foreach (var info in proto.ValueInfo)
        {
            graph.Declared[info.Name] = Info(info);
        }

        graph.Nodes.AddRange(proto.Node.Select(Node));
        return graph;
    }

    private Node Node(NodeProto proto)
    {
        var node = new Node(proto.OpType, proto.Input, proto.Output, Domain(proto.Domain), proto.Name);
        foreach (var attribute in proto.Attribute)
        {
            if (Attribute(attribute) is { } value)
            {
                node.Attributes[attribute.Name] = value;
            }
        }

        return node;
    }

    private object? Attribute(AttributeProto proto) =>
        proto.Type switch
        {
            AttributeProto.Types.AttributeType.Int => proto.I,
            AttributeProto.Types.AttributeType.Float => proto.F,
            AttributeProto.Types.AttributeType.String => Text(proto.S),
            AttributeProto.Types.AttributeType.Ints => proto.Ints.ToArray(),
            AttributeProto.Types.AttributeType.Floats => proto.Floats.ToArray(),
            AttributeProto.Types.AttributeType.Strings => proto.Strings.Select(bytes => bytes.ToStringUtf8()).ToArray(),
            AttributeProto.Types.AttributeType.Tensor when proto.T is not null => Tensor(proto.T, proto.T.Name),
            AttributeProto.Types.AttributeType.Graph when proto.G is not null => Read(proto.G),
            AttributeProto.Types.AttributeType.Tensor or AttributeProto.Types.AttributeType.Graph => throw new GraphFormatException(
                $"Attribute '{proto.Name}' says that it holds a {proto.Type}, but holds none."
            ),
            _ => throw new GraphFormatException($"Attribute '{proto.Name}' has the unsupported type {proto.Type}."),
        };

    private static object Text(ByteString bytes)
    {
        try
        {
            return bytes.ToString(StrictUtf8);
        }
        catch (DecoderFallbackException)
        {
            return bytes.ToByteArray();
        }
    }

    private static ValueInfo Info(ValueInfoProto proto)
    {
        var tensor = proto.Type?.TensorType;
        var dims = tensor?.Shape?.Dim.Select(dim =>
            dim.ValueCase switch
            {
                TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dim.DimValue >= 0 => dim.DimValue,
                TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when dim.DimParam.Length > 0 => Dim.Of(dim.DimParam),
                _ => Dim.Unknown,
            }
        );
        return new ValueInfo(proto.Name, (ElementType)(tensor?.ElemType ?? 0), dims?.ToArray());
    }

    private Weight Tensor(TensorProto proto, string name)
    {
        var type = (ElementType)proto.DataType;
        long[] dims = [.. proto.Dims];
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            return external.Read(name, type, dims, proto);
        }

        if (proto.HasRawData)
        {
            return Weight.Over(name, type, dims, proto.RawData.Memory);
        }

        return Weight.Over(name, type, dims, TensorFields.Bytes(proto, type));
    }
}
