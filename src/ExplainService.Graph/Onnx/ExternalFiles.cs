namespace ExplainService.Graph.Onnx;

/// <summary>
/// Which files beside a model hold its weights. Walks the few fields on the way (ModelProto.graph, GraphProto.initializer,
/// TensorProto.external_data) and skips the rest unread, so that listing models does not parse gigabytes.
/// </summary>
public static class ExternalFiles
{
    private const int Graph = 7;
    private const int Initializer = 5;
    private const int ExternalData = 13;
    private const int LengthDelimited = 2;

    /// <summary>The locations that initialisers name, relative to the model's folder; none for a file that is no ONNX model.</summary>
    public static IReadOnlyCollection<string> Of(string path)
    {
        var locations = new SortedSet<string>(StringComparer.Ordinal);
        using var file = File.OpenRead(path);
        try
        {
            foreach (var graph in Fields(file, Graph, file.Length))
            {
                foreach (var tensor in Fields(file, Initializer, graph))
                {
                    foreach (var entry in Fields(file, ExternalData, tensor)) Read(file, entry, locations);
                }
            }
        }
        catch (Exception error) when (error is EndOfStreamException or Google.Protobuf.InvalidProtocolBufferException)
        {
            // Cut short: loading the model says so.
        }

        return locations;
    }

    /// <summary>The ends of the fields of that number; the file stands at the start of each when it is handed out.</summary>
    private static IEnumerable<long> Fields(FileStream file, int number, long end)
    {
        while (file.Position < end)
        {
            var tag = Varint(file);
            var wire = (int)(tag & 7);
            var length = wire switch { 0 => Skip(Varint(file)), 1 => 8, LengthDelimited => Varint(file), 5 => 4, _ => throw new EndOfStreamException() };
            var next = file.Position + length;
            if (length < 0 || next > end) throw new EndOfStreamException();
            if (tag >> 3 == number && wire == LengthDelimited) yield return next;
            file.Position = next;
        }
    }

    private static void Read(FileStream file, long end, SortedSet<string> locations)
    {
        var bytes = new byte[Math.Min(end - file.Position, 4096)];
        file.ReadExactly(bytes);
        var entry = StringStringEntryProto.Parser.ParseFrom(bytes);
        if (entry.Key == "location") locations.Add(entry.Value);
    }

    private static long Skip(long value) => value & 0;

    private static long Varint(FileStream file)
    {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0) throw new EndOfStreamException();
            value |= (long)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new EndOfStreamException();
    }
}
