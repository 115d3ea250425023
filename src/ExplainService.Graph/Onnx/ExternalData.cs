using Microsoft.Win32.SafeHandles;

namespace ExplainService.Graph.Onnx;

/// <summary>
/// The files beside a model that hold large tensors: what tensors use of them is read once each, and only from the model's own folder.
/// </summary>
internal sealed class ExternalData(string modelPath) : IDisposable
{
    private readonly Dictionary<string, SafeFileHandle> files = [];
    private readonly Dictionary<(string Location, long Offset, long Length), NativeBlock> blocks = [];

    public Weight Read(string name, ElementType type, long[] dims, TensorProto tensor)
    {
        var fields = tensor.ExternalData.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        var location =
            fields.GetValueOrDefault("location") ?? throw new GraphFormatException($"Tensor '{name}' is external but names no file.");
        var offset = Number(fields, "offset", name) ?? 0;
        var length = Number(fields, "length", name) ?? type.ByteLength(Weight.CountOf(dims));
        Weight.RequireLength(name, type, dims, length);
        var block = Block(location, offset, length, name);
        return new Weight(name, type, dims, block, block.Address, length);
    }

    public void Dispose()
    {
        foreach (var file in files.Values)
        {
            file.Dispose();
        }
    }

    /// <summary>Tied weights name the same range, and share it.</summary>
    private NativeBlock Block(string location, long offset, long length, string tensor)
    {
        if (blocks.TryGetValue((location, offset, length), out var known))
        {
            return known;
        }

        if (!files.TryGetValue(location, out var file))
        {
            files[location] = file = File.OpenHandle(ExternalLocation.Resolve(modelPath, location, $"Tensor '{tensor}'"));
        }

        var whole = RandomAccess.GetLength(file);
        if (offset > whole || length > whole - offset)
        {
            throw CutShort(whole);
        }

        try
        {
            return blocks[(location, offset, length)] = NativeBlock.Read(file, offset, length);
        }
        catch (EndOfStreamException)
        {
            throw CutShort(RandomAccess.GetLength(file));
        }

        GraphFormatException CutShort(long bytes) =>
            new(
                $"Tensor '{tensor}' needs bytes {offset}..{offset + (decimal)length} of '{location}', which has {bytes}: the file is cut short."
            );
    }

    private static long? Number(Dictionary<string, string> fields, string key, string tensor)
    {
        if (!fields.TryGetValue(key, out var text))
        {
            return null;
        }

        return long.TryParse(text, out var number) && number >= 0
            ? number
            : throw new GraphFormatException($"Tensor '{tensor}' has the external {key} '{text}'.");
    }
}
