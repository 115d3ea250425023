using ExplainService.Graph.Onnx;

namespace ExplainService.Runtime.Models;

/// <summary>A model's folder as Optimum or the Hub lays it out.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Model">The graph, or the encoder's of a seq2seq model in two files.</param>
/// <param name="Decoder">The decoder's graph; null for other models.</param>
public sealed record ModelFolder(string Path, string Model, string? Decoder)
{
    private static readonly string[] TokenizerFiles = ["tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model", "tokenizer.model", "spm.model"];

    private static readonly string[] SettingsEndings = [".json", ".txt", ".model", ".spm"];

    /// <summary>The folder's name, which is the model's.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The graphs' files, then those that hold their weights.</summary>
    public IEnumerable<string> Files => Graphs.Concat(Graphs.SelectMany(Beside).Distinct());

    /// <summary>The graphs' files.</summary>
    public IEnumerable<string> Graphs => Decoder is null ? [Model] : [Model, Decoder];

    /// <summary>Size of <see cref="Files"/>; opened, as a link's own size is that of its text.</summary>
    public long Bytes => Files.Sum(file =>
    {
        using var handle = File.OpenHandle(file);
        return RandomAccess.GetLength(handle);
    });

    /// <summary>The files that say what the model is and how its texts are tokenized.</summary>
    public IEnumerable<string> Settings => Directory.EnumerateFiles(Path)
        .Where(file => SettingsEndings.Contains(System.IO.Path.GetExtension(file))).Order(StringComparer.Ordinal);

    /// <summary>Finds the files of a model.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="file">The graph to take, inside the folder; null: the usual ones.</param>
    /// <exception cref="ModelNotUsableException">Something that every model needs is missing; the message says what.</exception>
    public static ModelFolder Open(string path, string? file = null)
    {
        if (!File.Exists(System.IO.Path.Combine(path, "config.json")))
            throw NoConfig(path);
        if (!TokenizerFiles.Any(name => File.Exists(System.IO.Path.Combine(path, name))))
            throw new ModelNotUsableException($"The tokenizer is missing: none of {string.Join(", ", TokenizerFiles)} is there.");

        var (model, decoder) = file is null ? GraphFiles.Find(path) : GraphFiles.Chosen(path, file);
        return new ModelFolder(path, model, decoder);
    }

    /// <exception cref="UnauthorizedAccessException">Nobody can tell: the folder may not be read.</exception>
    private static ModelNotUsableException NoConfig(string path) =>
        new(Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) == "config.json")
            ? "config.json is no file that can be read."
            : "config.json is missing.");

    /// <summary>The files that a graph says its weights are in, of its own folder.</summary>
    private static IEnumerable<string> Beside(string graph)
    {
        var folder = System.IO.Path.GetDirectoryName(graph)!;
        return ExternalFiles.Of(graph)
            .Where(location => !System.IO.Path.IsPathRooted(location) && !location.Contains("..", StringComparison.Ordinal))
            .Select(location => System.IO.Path.Combine(folder, location)).Where(File.Exists);
    }
}
