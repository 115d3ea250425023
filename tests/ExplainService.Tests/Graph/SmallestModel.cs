using ExplainService.Graph.Onnx;

namespace ExplainService.Tests.Graph;

/// <summary>A model of one node, y = −x over four numbers: what tests make malformed.</summary>
internal static class SmallestModel
{
    /// <summary>A new one, to be changed.</summary>
    public static ModelProto Create()
    {
        var type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = 1,
                Shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimValue = 4 } } },
            },
        };
        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = 17 },
            },
            Graph = new GraphProto
            {
                Name = "g",
                Input =
                {
                    new ValueInfoProto { Name = "x", Type = type },
                },
                Output =
                {
                    new ValueInfoProto { Name = "y", Type = type },
                },
                Node =
                {
                    new NodeProto
                    {
                        OpType = "Neg",
                        Input = { "x" },
                        Output = { "y" },
                    },
                },
            },
        };
    }
}
