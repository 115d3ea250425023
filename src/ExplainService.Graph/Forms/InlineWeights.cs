using ExplainService.Graph.Onnx;
using Google.Protobuf;

namespace ExplainService.Graph.Forms;

/// <summary>For runtimes that cannot read weights where they lie: a device with its own memory, or another process.</summary>
public static class InlineWeights
{
    /// <summary>The form's model with its weights inside.</summary>
    /// <exception cref="NotSupportedException">They come to more than a serialised model may hold, 2 GiB.</exception>
    public static byte[] WithWeights(this Form form)
    {
        if (form.Weights.Values.Sum(weight => weight.ByteLength) > int.MaxValue - (long)form.Model.Length)
        {
            throw new NotSupportedException($"The weights of the {form.Name} form exceed the 2 GiB that an ONNX file may hold.");
        }

        var model = ModelProto.Parser.ParseFrom(form.Model);
        foreach (var tensor in model.Graph.Initializer.Where(tensor => form.Weights.ContainsKey(tensor.Name)))
        {
            tensor.RawData = ByteString.CopyFrom(form.Weights[tensor.Name].Bytes);
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        }

        return model.ToByteArray();
    }
}
