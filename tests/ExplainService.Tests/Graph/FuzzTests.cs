using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using Google.Protobuf;
using Xunit;

namespace ExplainService.Tests.Graph;

/// <summary>
/// Files with flipped, cut and repeated bytes either load or are refused for what is wrong with them; the compiler itself never breaks down.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("graph-fuzz");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [Slow]
    [InlineData("bert-cls", 1)]
    [InlineData("bert-cls.dynamo", 2)]
    [InlineData("bert-cls.opset11", 3)]
    [InlineData("llama-lm", 4)]
    [InlineData("deberta-cls", 5)]
    public void A_damaged_file_is_refused_or_read(string model, int seed)
    {
        var random = new Random(seed);
        var whole = Structure(model);
        var refused = 0;
        var path = Path.Combine(folder.FullName, "model.onnx");
        File.WriteAllBytes(path, whole);
        Compile(OnnxFile.Load(path));
        for (var round = 0; round < 120; round++)
        {
            File.WriteAllBytes(path, Damage(whole, random));
            try
            {
                Compile(OnnxFile.Load(path));
            }
            catch (Exception refusal) when (refusal is GraphFormatException or UnsupportedGradientException or NotSupportedException)
            {
                Assert.NotEmpty(refusal.Message);
                refused++;
            }
        }

        Assert.True(refused > 30, $"only {refused} of 120 damaged files were refused");
    }

    /// <summary>The model with its larger weights in a file beside it, so that damage meets the graph.</summary>
    private byte[] Structure(string model)
    {
        var proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(ReferenceData.PathOf("zoo", model, "model.onnx")));
        var longest = 0;
        foreach (var tensor in proto.Graph.Initializer.Where(tensor => tensor.RawData.Length > 256))
        {
            longest = Math.Max(longest, tensor.RawData.Length);
            tensor.ClearRawData();
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights" });
        }

        File.WriteAllBytes(Path.Combine(folder.FullName, "weights"), new byte[longest]);
        return proto.ToByteArray();
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        switch (random.Next(4))
        {
            case 0:
                var cut = random.Next(bytes.Count);
                bytes.RemoveRange(cut, Math.Min(1 + random.Next(40), bytes.Count - cut));
                break;
            case 1:
                var from = random.Next(bytes.Count - 64);
                bytes.InsertRange(from, bytes.GetRange(from, 1 + random.Next(60)));
                break;
            default:
                for (var i = random.Next(1, 12); i > 0; i--)
                {
                    bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                }

                break;
        }

        return [.. bytes];
    }

    private static void Compile(ModelGraph graph)
    {
        var compiler = new FormCompiler(graph);
        _ = compiler.Report.NoGradient;
        compiler.Forward();
        compiler.Tap(new AttentionValues(AttentionRole.Self));
        compiler.Gradient(new GradientFormOptions(FormObjective.Probability, FormLink.Softmax, Relevance: true));
    }
}
