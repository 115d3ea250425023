using System.Globalization;
using Google.Protobuf;

namespace ExplainService.Graph.Onnx;

/// <summary>Where the data of large weights go when a graph is serialised.</summary>
public enum WeightPlacement
{
    /// <summary>Into the bytes (at most 2 GiB in all).</summary>
    Inline,

    /// <summary>Nowhere: declared as external data in the file <c>weights</c>; the runtime supplies them by name.</summary>
    External,
}

/// <summary>Writes graphs as ONNX models.</summary>
public static class GraphSerializer
{
    /// <summary>Weights with more bytes than this are large: they can stay outside the serialised model.</summary>
    public const long LargeBytes = 1024;

    /// <summary>The weights that <see cref="WeightPlacement.External"/> leaves out of the bytes.</summary>
    public static IReadOnlyDictionary<string, Weight> Outside(ModelGraph graph) =>
        graph.Weights.Where(pair => IsLarge(pair.Value)).ToDictionary();

    /// <summary>The graph as a serialised ModelProto.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="placement">Where the data of large weights go.</param>
    /// <param name="inner">What to declare of values between the nodes.</param>
    public static byte[] Serialize(
        ModelGraph graph,
        WeightPlacement placement = WeightPlacement.Inline,
        IEnumerable<ValueInfo>? inner = null
    )
    {
        var model = new ModelProto
        {
            IrVersion = Math.Max(graph.IrVersion, 8),
            ProducerName = "ExplainService",
            Graph = Write(graph, placement),
        };
        model.Graph.ValueInfo.AddRange((inner ?? []).Select(Info));
        foreach (var domain in Domains(graph).Append("").Distinct())
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = graph.Opsets.GetValueOrDefault(domain, 1) });
        }

        return model.ToByteArray();
    }

    internal static bool IsLarge(Weight weight) => weight.ByteLength > LargeBytes;

    private static IEnumerable<string> Domains(ModelGraph graph) =>
        graph.Nodes.SelectMany(node => node.Subgraphs.SelectMany(Domains).Append(node.Domain));

    private static GraphProto Write(ModelGraph graph, WeightPlacement placement)
    {
        var proto = new GraphProto { Name = graph.Name.Length > 0 ? graph.Name : "graph" };
        var offset = 0L;
        foreach (var (name, weight) in graph.Weights)
        {
            proto.Initializer.Add(
                placement == WeightPlacement.External && IsLarge(weight) ? Declaration(name, weight, offset) : Tensor(name, weight)
            );
            if (IsLarge(weight))
            {
                offset += weight.ByteLength;
            }
        }

        proto.Input.AddRange(graph.Inputs.Select(Info));
        proto.Output.AddRange(graph.Outputs.Select(Info));
        proto.Node.AddRange(graph.Nodes.Select(Node));
        return proto;
    }

    private static NodeProto Node(Node node)
    {
        var proto = new NodeProto
        {
            OpType = node.Op,
            Domain = node.Domain,
            Name = node.Name,
        };
        proto.Input.AddRange(node.Inputs);
        proto.Output.AddRange(node.Outputs);
        proto.Attribute.AddRange(node.Attributes.Select(pair => Attribute(pair.Key, pair.Value)));
        return proto;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var proto = new AttributeProto { Name = name };
        switch (value)
        {
            case long i:
                (proto.I, proto.Type) = (i, AttributeProto.Types.AttributeType.Int);
                break;
            case float f:
                (proto.F, proto.Type) = (f, AttributeProto.Types.AttributeType.Float);
                break;
            case string s:
                (proto.S, proto.Type) = (ByteString.CopyFromUtf8(s), AttributeProto.Types.AttributeType.String);
                break;
            case byte[] s:
                (proto.S, proto.Type) = (ByteString.CopyFrom(s), AttributeProto.Types.AttributeType.String);
                break;
            case Weight t:
                (proto.T, proto.Type) = (Tensor(t.Name, t), AttributeProto.Types.AttributeType.Tensor);
                break;
            case ModelGraph g:
                (proto.G, proto.Type) = (Write(g, WeightPlacement.Inline), AttributeProto.Types.AttributeType.Graph);
                break;
            case long[] ints:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(ints);
                break;
            case float[] floats:
                proto.Type = AttributeProto.Types.AttributeType.Floats;
                proto.Floats.AddRange(floats);
                break;
            case string[] strings:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(strings.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new InvalidOperationException(
                    $"Attribute '{name}' holds a {value.GetType().Name}; use long, float, string or arrays of them."
                );
        }

        return proto;
    }

    private static TensorProto Tensor(string name, Weight weight)
    {
        var proto = new TensorProto
        {
            Name = name,
            DataType = (int)weight.Type,
            RawData = ByteString.CopyFrom(weight.Bytes),
        };
        proto.Dims.AddRange(weight.Dims);
        GC.KeepAlive(weight);
        return proto;
    }

    private static TensorProto Declaration(string name, Weight weight, long offset)
    {
        var proto = new TensorProto
        {
            Name = name,
            DataType = (int)weight.Type,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        proto.Dims.AddRange(weight.Dims);
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights" });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        proto.ExternalData.Add(
            new StringStringEntryProto { Key = "length", Value = weight.ByteLength.ToString(CultureInfo.InvariantCulture) }
        );
        return proto;
    }

    private static ValueInfoProto Info(ValueInfo value)
    {
        var proto = new ValueInfoProto { Name = value.Name };
        if (value.Type == ElementType.Undefined)
        {
            return proto;
        }

        proto.Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type } };
        if (value.Dims is null)
        {
            return proto;
        }

        proto.Type.TensorType.Shape = new TensorShapeProto();
        proto.Type.TensorType.Shape.Dim.AddRange(value.Dims.Select(Dimension));
        return proto;
    }

    private static TensorShapeProto.Types.Dimension Dimension(Dim dim)
    {
        if (dim.Value is { } number)
        {
            return new TensorShapeProto.Types.Dimension { DimValue = number };
        }

        return dim.Symbol is { } symbol
            ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
            : new TensorShapeProto.Types.Dimension();
    }
}
