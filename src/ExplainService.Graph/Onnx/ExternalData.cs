using System.IO.MemoryMappedFiles;

namespace ExplainService.Graph.Onnx;

/// <summary>The files beside a model that hold large tensors: mapped once, never copied, and only from the model's own folder.</summary>
internal sealed class ExternalData(string modelPath)
{
    private readonly Dictionary<string, MappedFile> files = [];
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;

    public Weight Read(string name, ElementType type, long[] dims, TensorProto tensor)
    {
        var fields = tensor.ExternalData.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        var location = fields.GetValueOrDefault("location")
            ?? throw new GraphFormatException($"Tensor '{name}' is external but names no file.");
        var needed = type.ByteLength(Weight.CountOf(dims));
        var offset = Number(fields, "offset", name) ?? 0;
        var length = Number(fields, "length", name) ?? needed;
        if (!files.TryGetValue(location, out var file)) files[location] = file = new MappedFile(Resolve(location, name));
        if (offset > file.Length || length > file.Length - offset)
        {
            throw new GraphFormatException(
                $"Tensor '{name}' needs bytes {offset}..{offset + (decimal)length} of '{location}', which has {file.Length}: the file is cut short.");
        }

        return new Weight(name, type, dims, file, file.Address + (nint)offset, length);
    }

    private static long? Number(Dictionary<string, string> fields, string key, string tensor)
    {
        if (!fields.TryGetValue(key, out var text)) return null;
        return long.TryParse(text, out var number) && number >= 0
            ? number
            : throw new GraphFormatException($"Tensor '{tensor}' has the external {key} '{text}'.");
    }

    // A model file is untrusted input: without these checks it could make the service read any file on the machine.
    // Links are followed as far as the folder of the model file itself, so that a Hugging Face cache (links to ../../blobs) loads.
    private string Resolve(string location, string tensor)
    {
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Split('/', '\\').Contains(".."))
        {
            throw new GraphFormatException($"Tensor '{tensor}' points outside the model's folder: '{location}'.");
        }

        var path = Path.Combine(folder, location);
        if (!File.Exists(path)) throw new GraphFormatException($"Tensor '{tensor}' needs the file '{location}', which is missing.");
        var real = RealPath(path);
        string[] allowed = [RealPath(folder), Path.GetDirectoryName(RealPath(Path.GetFullPath(modelPath)))!];
        return Array.Exists(allowed, root => real.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            ? real
            : throw new GraphFormatException($"Tensor '{tensor}' points outside the model's folder through a link: '{location}'.");
    }

    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = info.LinkTarget is null ? next : RealPath(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next);
        }

        return real;
    }

    private sealed unsafe class MappedFile
    {
        private readonly MemoryMappedViewAccessor? view;

        public MappedFile(string path)
        {
            Length = new FileInfo(path).Length;
            if (Length == 0) return;
            using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            Address = (nint)(pointer + view.PointerOffset);
        }

        // Weights hold this object; when the last one is gone the mapping goes too.
        ~MappedFile() => view?.SafeMemoryMappedViewHandle.ReleasePointer();

        public long Length { get; }

        public nint Address { get; }
    }
}
