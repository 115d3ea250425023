using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime.Folders;

/// <summary>A model's folder as Optimum or the Hub lays it out.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Model">The graph, or the encoder's of a seq2seq model in two files.</param>
/// <param name="Decoder">The decoder's graph; null for other models.</param>
public sealed record ModelFolder(string Path, string Model, string? Decoder)
{
    /// <summary>The file that says how a model wants its pictures.</summary>
    public const string PictureSettings = "preprocessor_config.json";

    /// <summary>Whether the model reads pictures and no texts.</summary>
    public bool ReadsPictures { get; } = File.Exists(System.IO.Path.Combine(Path, PictureSettings)) && !HasTokenizer(Path);

    /// <summary>The folder's name, which is the model's.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The graphs' files, then those that hold their weights.</summary>
    /// <exception cref="GraphFormatException">One is not an ONNX model, is cut short, or weights are missing.</exception>
    public IEnumerable<string> Files => Graphs.Concat(Graphs.SelectMany(OnnxOutline.External).Distinct());

    /// <summary>The graphs' files.</summary>
    public IEnumerable<string> Graphs => Decoder is null ? [Model] : [Model, Decoder];

    /// <summary>Size of <see cref="Files"/>; opened, as a link's own size is that of its text.</summary>
    public long Bytes =>
        Files.Sum(file =>
        {
            using var handle = File.OpenHandle(file);
            return RandomAccess.GetLength(handle);
        });

    /// <summary>Refuses what failed downloads leave behind, as far as that can be seen without loading anything.</summary>
    /// <exception cref="ModelNotUsableException">A file is not what its name says.</exception>
    /// <exception cref="GraphFormatException">A graph is not an ONNX model, is cut short, or its weights are missing.</exception>
    public void RequireWhole()
    {
        RequirePlainSettings();
        foreach (var graph in Graphs)
        {
            FileHead.Require(graph);
            OnnxOutline.External(graph);
        }

        if (ReadsPictures)
        {
            FileHead.RequireJson(System.IO.Path.Combine(Path, PictureSettings));
            return;
        }

        var tokenizers = Tokenizer.MainFileNames.Select(name => System.IO.Path.Combine(Path, name)).Where(File.Exists).ToList();
        if (System.IO.Path.GetFileName(tokenizers[0]) == Tokenizer.MainFileNames[0])
        {
            tokenizers = tokenizers[..1];
        }

        foreach (var tokenizer in tokenizers)
        {
            FileHead.Require(tokenizer);
            if (tokenizer.EndsWith(".json", StringComparison.Ordinal))
            {
                FileHead.RequireJson(tokenizer);
            }
        }
    }

    /// <summary>Refuses settings and tokenizer files that are no plain files, before anybody opens one.</summary>
    /// <exception cref="ModelNotUsableException">One is a pipe, a device, or longer than any such file.</exception>
    public void RequirePlainSettings()
    {
        foreach (var file in Settings)
        {
            var main = Tokenizer.MainFileNames.Contains(System.IO.Path.GetFileName(file));
            PlainFiles.Require(file, main ? PlainFiles.MaxTokenizerBytes : PlainFiles.MaxSettingsBytes);
        }
    }

    /// <summary>
    /// Where the files are, or would be, that say what the model is and how its texts are tokenized. A folder may hold others; nobody reads
    /// them, so that whatever they are they matter to nothing.
    /// </summary>
    /// <exception cref="ModelNotUsableException">The configuration is not a JSON object.</exception>
    public IEnumerable<string> Settings =>
        ModelConfig
            .FileNames(Path)
            .Union(ReadsPictures ? [] : Tokenizer.FileNames(Path))
            .Union(File.Exists(System.IO.Path.Combine(Path, PictureSettings)) ? [PictureSettings] : [])
            .Order(StringComparer.Ordinal)
            .Select(name => System.IO.Path.Combine(Path, name));

    /// <summary>Finds the files of a model.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="file">The graph to take, inside the folder; null: the usual ones.</param>
    /// <exception cref="ModelNotUsableException">Something that every model needs is missing; the message says what.</exception>
    public static ModelFolder Open(string path, string? file = null)
    {
        if (!File.Exists(System.IO.Path.Combine(path, "config.json")))
        {
            throw NoConfig(path);
        }

        if (!HasTokenizer(path) && !File.Exists(System.IO.Path.Combine(path, PictureSettings)))
        {
            throw new ModelNotUsableException($"The tokenizer is missing: none of {string.Join(", ", Tokenizer.MainFileNames)} is there.");
        }

        var (model, decoder) = file is null ? GraphFiles.Find(path) : GraphFiles.Chosen(path, file);
        return new ModelFolder(path, model, decoder);
    }

    private static bool HasTokenizer(string path) => Tokenizer.MainFileNames.Any(name => File.Exists(System.IO.Path.Combine(path, name)));

    /// <exception cref="UnauthorizedAccessException">Nobody can tell: the folder may not be read.</exception>
    private static ModelNotUsableException NoConfig(string path) =>
        new(
            Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) == "config.json")
                ? "config.json cannot be read."
                : "config.json is missing. Two fields do: \"architectures\", such as [\"BertForSequenceClassification\"], which tells the task, and "
                    + "for a classifier \"id2label\", such as {\"0\": \"negative\", \"1\": \"positive\"}."
        );
}
