using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using Google.Protobuf;
using Xunit;

namespace ExplainService.Tests.Graph;

/// <summary>Damaged and hostile files are refused with a text, and nothing outside the model's folder is opened.</summary>
public sealed class MalformedFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("graph-tests");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(1000)]
    [InlineData(100_000)]
    [InlineData(0)]
    public void A_truncated_file_is_refused(int bytes)
    {
        var whole = File.ReadAllBytes(ReferenceData.PathOf("zoo", "bert-cls", "model.onnx"));
        Assert.Throws<GraphFormatException>(() => OnnxFile.Load(Write(whole[..bytes])));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret")]
    [InlineData("data/../../secret")]
    [InlineData("")]
    [InlineData("missing")]
    public void External_data_outside_the_folder_or_missing_is_refused(string location)
    {
        File.WriteAllBytes(Path.Combine(folder.Parent!.FullName, "secret"), new byte[64]);
        Assert.Throws<GraphFormatException>(() => OnnxFile.Load(Write(External(location, 0, 16))));
    }

    [Fact]
    public void External_data_behind_a_link_that_leaves_the_folder_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "data"), "/etc/passwd");
        var refusal = Assert.Throws<GraphFormatException>(() => OnnxFile.Load(Write(External("data", 0, 16))));
        Assert.Contains("link", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 16)]
    [InlineData(100, 16)]
    [InlineData(0, 12)]
    [InlineData(long.MaxValue, 16)]
    public void External_data_that_is_too_short_is_refused(long offset, long length)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "data"), new byte[20]);
        Assert.Throws<GraphFormatException>(() => OnnxFile.Load(Write(External("data", offset, length))));
    }

    [Fact]
    public void Links_of_a_download_cache_are_followed()
    {
        var blobs = folder.CreateSubdirectory("blobs");
        var snapshot = folder.CreateSubdirectory("snapshot");
        File.WriteAllBytes(Path.Combine(blobs.FullName, "1"), External("model.onnx_data", 0, 16));
        File.WriteAllBytes(Path.Combine(blobs.FullName, "2"), new byte[16]);
        File.CreateSymbolicLink(Path.Combine(snapshot.FullName, "model.onnx"), "../blobs/1");
        File.CreateSymbolicLink(Path.Combine(snapshot.FullName, "model.onnx_data"), "../blobs/2");
        Assert.Equal(4, OnnxFile.Load(Path.Combine(snapshot.FullName, "model.onnx")).Weights["w"].Count);
    }

    [Fact]
    public void Values_that_nothing_writes_are_refused()
    {
        var model = SmallestModel.Create();
        model.Graph.Node.Add(
            new NodeProto
            {
                OpType = "Neg",
                Input = { "nowhere" },
                Output = { "z" },
            }
        );
        var refusal = Assert.Throws<GraphFormatException>(() => OnnxFile.Load(Write(model.ToByteArray())));
        Assert.Contains("nowhere", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_with_too_few_bytes_is_refused()
    {
        var model = SmallestModel.Create();
        model.Graph.Initializer.Add(
            new TensorProto
            {
                Name = "w",
                DataType = 1,
                Dims = { 4 },
                RawData = ByteString.CopyFrom(new byte[8]),
            }
        );
        Assert.Throws<GraphFormatException>(() => OnnxFile.Load(Write(model.ToByteArray())));
    }

    [Fact]
    public void Model_local_functions_are_inlined()
    {
        var model = SmallestModel.Create();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        model.Graph.Node.Clear();
        model.Graph.Node.Add(
            new NodeProto
            {
                OpType = "Scaled",
                Domain = "local",
                Input = { "x" },
                Output = { "y" },
                Attribute =
                {
                    new AttributeProto
                    {
                        Name = "slope",
                        F = 3,
                        Type = AttributeProto.Types.AttributeType.Float,
                    },
                },
            }
        );
        var leak = new AttributeProto
        {
            Name = "alpha",
            RefAttrName = "slope",
            Type = AttributeProto.Types.AttributeType.Float,
        };
        model.Functions.Add(
            new FunctionProto
            {
                Name = "Scaled",
                Domain = "local",
                Input = { "a" },
                Output = { "b" },
                Attribute = { "slope" },
                Node =
                {
                    new NodeProto
                    {
                        OpType = "Neg",
                        Input = { "a" },
                        Output = { "n" },
                    },
                    new NodeProto
                    {
                        OpType = "LeakyRelu",
                        Input = { "n" },
                        Output = { "b" },
                        Attribute = { leak },
                    },
                },
            }
        );
        var graph = OnnxFile.Load(Write(model.ToByteArray()));
        Assert.Equal(["Neg", "LeakyRelu"], graph.Nodes.Select(node => node.Op));
        Assert.Equal(3, graph.Nodes[1].Float("alpha"));
        Assert.Equal("y", graph.Nodes[1].Output);
    }

    private static byte[] External(string location, long offset, long length)
    {
        var model = SmallestModel.Create();
        model.Graph.Initializer.Add(
            new TensorProto
            {
                Name = "w",
                DataType = 1,
                Dims = { 4 },
                DataLocation = TensorProto.Types.DataLocation.External,
                ExternalData =
                {
                    new StringStringEntryProto { Key = "location", Value = location },
                    new StringStringEntryProto { Key = "offset", Value = $"{offset}" },
                    new StringStringEntryProto { Key = "length", Value = $"{length}" },
                },
            }
        );
        return model.ToByteArray();
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
