namespace ExplainService.Runtime.Models;

/// <summary>A model's folder as Optimum or the Hub lays it out.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Model">The graph, or the encoder's of a seq2seq model.</param>
/// <param name="Decoder">The decoder's graph; null for other models.</param>
public sealed record ModelFolder(string Path, string Model, string? Decoder)
{
    private static readonly string[] Places = ["", "onnx"];
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model", "spm.model"];

    /// <summary>The folder's name, which is the model's.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The graphs' files, then those that hold their weights, which exporters name after the graph's.</summary>
    public IEnumerable<string> Files => Graphs.Concat(Graphs.SelectMany(Beside));

    /// <summary>The graphs' files.</summary>
    public IEnumerable<string> Graphs => Decoder is null ? [Model] : [Model, Decoder];

    /// <summary>Finds the files of a model.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="file">The graph to take, inside the folder; null: the usual ones.</param>
    /// <exception cref="ModelNotUsableException">Something that every model needs is missing; the message says what.</exception>
    public static ModelFolder Open(string path, string? file = null)
    {
        if (!File.Exists(System.IO.Path.Combine(path, "config.json")))
            throw new ModelNotUsableException("config.json is missing.");
        if (!TokenizerFiles.Any(name => File.Exists(System.IO.Path.Combine(path, name))))
            throw new ModelNotUsableException($"The tokenizer is missing: none of {string.Join(", ", TokenizerFiles)} is there.");

        if (file is not null)
            return new ModelFolder(path, Chosen(path, file), null);
        if (Find(path, "model.onnx") is { } model)
            return new ModelFolder(path, model, null);
        if (Find(path, "encoder_model.onnx") is { } encoder && (Find(path, "decoder_model.onnx") ?? Find(path, "decoder_model_merged.onnx")) is { } decoder)
            return new ModelFolder(path, encoder, decoder);
        return OnlyGraph(path) is { } only
            ? new ModelFolder(path, only, null)
            : throw new ModelNotUsableException("No graph is there: neither model.onnx, onnx/model.onnx nor encoder_model.onnx with decoder_model.onnx.");
    }

    /// <summary>Changes when a file of the folder does, so that a repaired folder is looked at again.</summary>
    public static long Stamp(string path)
    {
        var stamp = new HashCode();
        try
        {
            foreach (var file in new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
            {
                stamp.Add(file.FullName);
                stamp.Add(file.Length);
                stamp.Add(file.LastWriteTimeUtc);
            }
        }
        catch (IOException)
        {
            // Being changed right now: the next look will differ.
        }

        return stamp.ToHashCode();
    }

    private static string Chosen(string path, string file)
    {
        var chosen = System.IO.Path.GetFullPath(System.IO.Path.Combine(path, file));
        return File.Exists(chosen) ? chosen : throw new ModelNotUsableException($"{file} is missing.");
    }

    private static string? Find(string path, string name) =>
        Places.Select(place => System.IO.Path.Combine(path, place, name)).FirstOrDefault(File.Exists);

    private static string? OnlyGraph(string path)
    {
        var graphs = Places.Select(place => System.IO.Path.Combine(path, place)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.onnx")).Take(2).ToList();
        return graphs.Count == 1 ? graphs[0] : null;
    }

    private static IEnumerable<string> Beside(string graph)
    {
        var stem = System.IO.Path.GetFileNameWithoutExtension(graph);
        return Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(graph)!)
            .Where(file => System.IO.Path.GetFileName(file).StartsWith(stem + ".", StringComparison.Ordinal) && file != graph && file.Contains("data", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }
}
