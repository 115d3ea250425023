using System.Text.Json;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Patterns;

namespace ExplainService.Runtime.Folders;

/// <summary>What a model is for, where config.json does not name its architecture: its card, and at last its graph.</summary>
internal static class TaskHints
{
    private static readonly Dictionary<string, ModelTask> Pipelines = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text-classification"] = ModelTask.TextClassification,
        ["sentiment-analysis"] = ModelTask.TextClassification,
        ["zero-shot-classification"] = ModelTask.TextClassification,
        ["token-classification"] = ModelTask.TokenClassification,
        ["ner"] = ModelTask.TokenClassification,
        ["question-answering"] = ModelTask.QuestionAnswering,
        ["fill-mask"] = ModelTask.FillMask,
        ["text-generation"] = ModelTask.TextGeneration,
        ["text2text-generation"] = ModelTask.Text2textGeneration,
        ["translation"] = ModelTask.Text2textGeneration,
        ["summarization"] = ModelTask.Text2textGeneration,
        ["feature-extraction"] = ModelTask.FeatureExtraction,
        ["sentence-similarity"] = ModelTask.FeatureExtraction,
        ["image-classification"] = ModelTask.ImageClassification,
        ["zero-shot-image-classification"] = ModelTask.ZeroShotImageClassification,
    };

    /// <summary>The model's card.</summary>
    public const string CardName = "README.md";

    /// <summary>Whether <see cref="Pipeline"/> reads the card.</summary>
    public static bool NeedsCard(JsonElement config) => Named(config) is null;

    /// <summary>The Hub's name of a pipeline in config.json or in the head of README.md.</summary>
    public static ModelTask? Pipeline(string folder, JsonElement config)
    {
        var name = Named(config) ?? Card(Path.Combine(folder, CardName));
        return name is not null && Pipelines.TryGetValue(name.Trim().Trim('"', '\''), out var task) ? task : null;
    }

    /// <summary>
    /// What the outputs are: a sequence over the vocabulary is a language model (with a mask token a masked one), a sequence over the
    /// labels tags tokens, one row for a text classifies it.
    /// </summary>
    public static ModelTask Infer(ModelConfig config, ModelGraph graph, GraphReport report)
    {
        if (report.OutputRank == 2)
        {
            return ModelTask.TextClassification;
        }

        if (graph.Inputs.Any(input => EmbeddingLookup.IsTokenIds(input.Name) && input.Name.StartsWith("decoder", StringComparison.Ordinal)))
        {
            return ModelTask.Text2textGeneration;
        }

        var columns = graph.Outputs.Find(output => output.Name == report.Outputs[0])?.Dims is [.., { Value: { } width }] ? width : -1;
        if (columns >= 0 && (columns == config.VocabularySize || report.Lookups.Any(lookup => lookup.VocabularySize == columns)))
        {
            return config.HasMaskToken ? ModelTask.FillMask : ModelTask.TextGeneration;
        }

        return columns == config.Labels.Count && config.HasLabelNames ? ModelTask.TokenClassification : ModelTask.FeatureExtraction;
    }

    private static string? Named(JsonElement config) => config.Text("pipeline_tag") ?? config.Text("task");

    private static string? Card(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        PlainFiles.Require(path, PlainFiles.MaxSettingsBytes);
        const string Key = "pipeline_tag:";
        var lines = File.ReadLines(path).Take(100).ToList();
        return lines.FirstOrDefault() == "---"
            ? lines
                .Skip(1)
                .TakeWhile(line => line != "---")
                .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))
                ?[Key.Length..]
            : null;
    }
}
