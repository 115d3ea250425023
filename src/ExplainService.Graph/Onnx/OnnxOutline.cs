using Google.Protobuf;

namespace ExplainService.Graph.Onnx;

/// <summary>
/// What can be said of an ONNX file without parsing it: whether it is one, whole, and what it needs beside it. Walks the few fields on the
/// way (ModelProto.graph, GraphProto.initializer) and skips the rest unread, so that listing models does not read gigabytes.
/// </summary>
public static class OnnxOutline
{
    private const int Graph = 7;
    private const int OpsetImport = 8;
    private const int Initializer = 5;
    private const int LengthDelimited = 2;
    private const int MaxReferenceLength = 8192;

    /// <summary>Far more than any model has; a file of nothing but empty fields would be walked for minutes.</summary>
    private const int MaxFields = 10_000_000;

    /// <summary>
    /// The files that hold its weights, and how long each must be at least. Those of tensors inside subgraphs are not among them.
    /// </summary>
    /// <param name="path">The model.</param>
    /// <exception cref="GraphFormatException">It is no ONNX model, is cut short, or names weights that are not there.</exception>
    public static IReadOnlyCollection<string> External(string path)
    {
        var needs = new SortedDictionary<string, ExternalNeed>(StringComparer.Ordinal);
        PlainFile.Require(path);
        using var file = File.OpenRead(path);
        try
        {
            Walk(file, needs);
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidProtocolBufferException or OverflowException)
        {
            throw new GraphFormatException($"'{Path.GetFileName(path)}' is not an ONNX model or is cut short.", error);
        }

        return [.. needs.Values.Select(need => need.Require(path))];
    }

    private static void Walk(FileStream file, SortedDictionary<string, ExternalNeed> needs)
    {
        var (graphs, opsets) = (0, 0);
        foreach (var (number, end) in Fields(file, file.Length))
        {
            opsets += number == OpsetImport ? 1 : 0;
            if (number != Graph)
            {
                continue;
            }

            graphs++;
            foreach (var tensor in Fields(file, end).Where(field => field.Number == Initializer))
            {
                Tensor(file, tensor.End, needs);
            }
        }

        if (graphs == 0 || opsets == 0)
        {
            throw new EndOfStreamException();
        }
    }

    private static void Tensor(FileStream file, long end, SortedDictionary<string, ExternalNeed> needs)
    {
        // A tensor that is longer than this holds its data.
        if (end - file.Position > MaxReferenceLength)
        {
            return;
        }

        var bytes = new byte[end - file.Position];
        file.ReadExactly(bytes);
        var tensor = TensorProto.Parser.ParseFrom(bytes);
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            return;
        }

        var fields = tensor.ExternalData.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        if (fields.GetValueOrDefault("location") is not { } location)
        {
            return;
        }

        var last = (Number("offset") ?? 0) + (Number("length") ?? ((ElementType)tensor.DataType).ByteLength(Weight.CountOf(tensor.Dims)));
        if (!needs.TryGetValue(location, out var known) || known.Bytes < last)
        {
            needs[location] = new ExternalNeed(location, last);
        }

        decimal? Number(string key) => fields.TryGetValue(key, out var text) && long.TryParse(text, out var number) ? number : null;
    }

    /// <summary>Numbers and ends of the length-delimited fields; the file stands at the start of each when it is handed out.</summary>
    private static IEnumerable<(int Number, long End)> Fields(FileStream file, long end)
    {
        for (var count = 0; file.Position < end; count++)
        {
            var tag = Varint(file);
            if (tag >> 3 == 0 || count == MaxFields)
            {
                throw new EndOfStreamException();
            }

            var wire = (int)(tag & 7);
            var length = wire switch
            {
                0 => Skip(Varint(file)),
                1 => 8,
                LengthDelimited => Varint(file),
                5 => 4,
                _ => throw new EndOfStreamException(),
            };
            if (length < 0 || length > end - file.Position)
            {
                throw new EndOfStreamException();
            }

            var next = file.Position + length;
            if (wire == LengthDelimited)
            {
                yield return ((int)(tag >> 3), next);
            }

            file.Position = next;
        }
    }

    private static long Skip(long value) => value & 0;

    private static long Varint(FileStream file)
    {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException();
            }

            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new EndOfStreamException();
    }

    /// <summary>A file of weights, and the end of the last that is known to be in it.</summary>
    private sealed record ExternalNeed(string Location, decimal Bytes)
    {
        public string Require(string model)
        {
            var path = ExternalLocation.Resolve(model, Location, "The graph");
            using var handle = File.OpenHandle(path);
            var length = RandomAccess.GetLength(handle);
            return length >= Bytes
                ? Path.Combine(Path.GetDirectoryName(model)!, Location)
                : throw new GraphFormatException(
                    $"The weights need {Bytes} bytes of '{Location}', which has {length}: the file is cut short."
                );
        }
    }
}
