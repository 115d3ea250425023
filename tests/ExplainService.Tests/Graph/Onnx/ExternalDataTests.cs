using System.Runtime.InteropServices;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using Google.Protobuf;
using Xunit;

namespace ExplainService.Tests.Graph.Onnx;

/// <summary>Weights beside a model belong to the loaded model: what happens to the file afterwards does not reach them.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private static readonly float[] Values = [1, 2, 3, 4];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("external-");

    private string Data => Path.Combine(folder.FullName, "data");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_range_of_the_file_is_read()
    {
        var weight = Load(Tensor("w", 4, 16)).Weights["w"];
        Assert.Equal(Values, weight.As<float>().ToArray());
        Assert.Equal(0, weight.Address % 64);
        GC.KeepAlive(weight);
    }

    [Fact]
    public void A_file_overwritten_in_place_leaves_the_loaded_weights_as_they_were()
    {
        var weight = Load(Tensor("w", 4, 16)).Weights["w"];
        using (var file = File.OpenWrite(Data))
        {
            file.Write(new byte[20]);
        }

        Assert.Equal(Values, weight.As<float>().ToArray());
        GC.KeepAlive(weight);
    }

    [Fact]
    public void A_file_cut_after_loading_does_not_end_the_process()
    {
        var weight = Load(Tensor("w", 4, 16)).Weights["w"];
        File.WriteAllBytes(Data, []);
        Assert.Equal(Values, weight.As<float>().ToArray());
        GC.KeepAlive(weight);
    }

    [Fact]
    public void Tied_weights_share_one_copy_and_other_ranges_of_the_file_have_their_own()
    {
        var weights = Load(Tensor("embeddings", 4, 16), Tensor("decoder", 4, 16), Tensor("other", 0, 16)).Weights;
        Assert.Equal(weights["embeddings"].Address, weights["decoder"].Address);
        Assert.NotEqual(weights["embeddings"].Address, weights["other"].Address);
    }

    [Fact]
    public void A_tensor_may_be_empty() => Assert.Equal(0, Load(Tensor("w", 20, 0, 0)).Weights["w"].Count);

    private static TensorProto Tensor(string name, long offset, long length, long count = 4) =>
        new()
        {
            Name = name,
            DataType = 1,
            Dims = { count },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = "data" },
                new StringStringEntryProto { Key = "offset", Value = $"{offset}" },
                new StringStringEntryProto { Key = "length", Value = $"{length}" },
            },
        };

    /// <summary>A graph with these tensors; the file has four bytes of something else before <see cref="Values"/>.</summary>
    private ModelGraph Load(params TensorProto[] tensors)
    {
        File.WriteAllBytes(Data, [0, 0, 0, 0, .. MemoryMarshal.AsBytes(Values.AsSpan())]);
        var path = Path.Combine(folder.FullName, "model.onnx");
        var model = new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 17 } },
            Graph = new GraphProto { Name = "g" },
        };
        model.Graph.Initializer.AddRange(tensors);
        File.WriteAllBytes(path, model.ToByteArray());
        return OnnxFile.Load(path);
    }
}
