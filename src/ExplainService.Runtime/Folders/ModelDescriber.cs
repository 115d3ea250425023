using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Patterns;

namespace ExplainService.Runtime.Folders;

/// <summary>Puts together what the files say of a model and what its graph shows.</summary>
internal static class ModelDescriber
{
    /// <summary>What is made by walking back through the graph.</summary>
    private static readonly ModelFeature[] Derived =
    [
        ModelFeature.Gradient,
        ModelFeature.AttentionGradient,
        ModelFeature.CpLrp,
        ModelFeature.AttnLrp,
    ];

    /// <param name="name">The model's name.</param>
    /// <param name="config">What the files say, and the task that was found.</param>
    /// <param name="limits">What rows may hold.</param>
    /// <param name="report">What the graph shows.</param>
    /// <param name="columns">Columns of its logits, as they came out of a run; null where there are none.</param>
    /// <exception cref="ModelNotUsableException">The two contradict each other.</exception>
    public static ModelDescription Describe(string name, ModelConfig config, ModelLimits limits, GraphReport report, int? columns)
    {
        var task = config.Task ?? ModelTask.FeatureExtraction;
        CheckVocabulary(config, limits, task, columns);
        var self = report.Of(AttentionRole.Self);
        return new ModelDescription
        {
            Name = name,
            Task = task,
            Labels = LabelsOf(config, task, columns),
            Link = task is ModelTask.TextClassification or ModelTask.ImageClassification ? config.Link : Link.Softmax,
            MaxTokens = limits.MaxTokens,
            Picture = limits.Picture,
            EmbeddingSize = limits.Picture?.TokenSize ?? (report.Lookups.Count > 0 ? report.Lookups[0].EmbeddingSize : 0),
            AttentionLayers = Layers(report),
            Heads = self.Count > 0 ? self[0].Heads ?? 0 : 0,
            Layers = report.Blocks.Count,
            Neurons = (int)(report.Neurons ?? 0),
            DecoderStart = config.DecoderStart,
            EndTokens = config.Generation.EndTokens,
            ForcedFirst = config.Generation.ForcedFirst,
            ForcedLast = config.Generation.ForcedLast,
            Warnings = [.. WarningsOf(config, task), .. SecondReading(task, report), .. PrecisionWarnings(report)],
            RoundsByBatch = report.RoundsByBatch,
            IsApproximatedInside = report.Quantised is not null || report.Widened is not null,
            HeadRead =
                task is ModelTask.TextClassification or ModelTask.ImageClassification or ModelTask.ZeroShotImageClassification
                    ? GraphTerms.HeadReadOf(report.Head)
                : task == ModelTask.FeatureExtraction ? config.Pooling.Reads
                : HeadRead.Unknown,
            Unsupported = Unsupported(task, config, report),
        };
    }

    /// <summary>What the model answers: the configuration's word, unless the graph's outputs belie it.</summary>
    /// <exception cref="ModelNotUsableException">The output is of no shape that the task has.</exception>
    public static ModelTask TaskOf(ModelConfig config, ModelGraph graph, GraphReport report)
    {
        if (report.Outputs.Count == 0)
        {
            throw new ModelNotUsableException("The graph has no output.");
        }

        if (report.IsSpans)
        {
            return ModelTask.QuestionAnswering;
        }

        if (!IsLogits(report.Outputs[0]))
        {
            return ModelTask.FeatureExtraction;
        }

        var task =
            FormCompiler.IsHalf(graph) ? ModelTask.ZeroShotImageClassification
            : report.Patches is not null ? ModelTask.ImageClassification
            : config.Task is null or ModelTask.ZeroShotImageClassification ? TaskHints.Infer(config, graph, report)
            : config.Task.Value;
        var rank = task is ModelTask.TextClassification or ModelTask.ImageClassification or ModelTask.ZeroShotImageClassification ? 2 : 3;
        if (task != ModelTask.FeatureExtraction && report.OutputRank != rank)
        {
            throw new ModelNotUsableException(
                $"config.json says {task}, whose logits have {rank} dimensions; the graph's output '{report.Outputs[0]}' has {report.OutputRank}."
            );
        }

        return task;
    }

    /// <summary>The texts that pictures are compared with: what is inside their half is not explained.</summary>
    public static ModelDescription AsTexts(ModelDescription texts)
    {
        const string Reason =
            "Labels are explained by hiding their words (/occlusion, /shap, /lime, /permutation, /counterfactual); what is inside this model is explained of its pictures (granularity \"patch\").";
        return texts with
        {
            Unsupported = Enum.GetValues<ModelFeature>()
                .Where(feature => feature != ModelFeature.Predict)
                .ToDictionary(f => f, _ => Reason),
            AttentionLayers = new Dictionary<AttentionKind, int>(),
            Layers = 0,
            Neurons = 0,
        };
    }

    private static void CheckVocabulary(ModelConfig config, ModelLimits limits, ModelTask task, int? columns)
    {
        var words = Math.Min(config.VocabularySize ?? int.MaxValue, limits.Vocabulary);
        if (
            task is ModelTask.FillMask or ModelTask.TextGeneration or ModelTask.Text2textGeneration
            && columns is { } count
            && count < words
        )
        {
            throw new ModelNotUsableException(
                $"The graph's output has {count} columns for a vocabulary of {words} tokens: they are not logits of tokens."
            );
        }
    }

    private static IEnumerable<Warning> SecondReading(ModelTask task, GraphReport report) =>
        task != ModelTask.Text2textGeneration && report.Of(AttentionRole.Cross).Count > 0
            ?
            [
                new(
                    ModelWarningCode.EncoderGradientsOnly,
                    "The model's decoder reads the text a second time. Gradients are those of the encoder's embeddings; the decoder's are held as they are."
                ),
            ]
            : [];

    private static IEnumerable<Warning> PrecisionWarnings(GraphReport report)
    {
        if (report.Quantised is { } kind)
        {
            yield return new Warning(
                ModelWarningCode.Quantised,
                $"The model is quantised ({kind}). Gradients and attention are those of its dequantised function."
            );
            if (kind.Contains("dynamic", StringComparison.Ordinal))
            {
                yield return new Warning(
                    ModelWarningCode.RunsAlone,
                    "The model's activations are quantised by the range of a whole batch. Every text runs alone, as others would change its score."
                );
            }
        }

        if (report.Widened is { } precision)
        {
            yield return new Warning(
                ModelWarningCode.Widened,
                $"The model computes in {precision}. Gradients and attention are computed in float32."
            );
        }
    }

    // Exporters name a head's output logits; what they name otherwise, and does not say hidden or pooled, is given the benefit of the
    // doubt.
    private static bool IsLogits(string output) =>
        !output.Contains("hidden", StringComparison.OrdinalIgnoreCase)
        && !output.Contains("pooler", StringComparison.OrdinalIgnoreCase)
        && !output.Contains("embedding", StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<Warning> WarningsOf(ModelConfig config, ModelTask task) =>
        task is ModelTask.TextGeneration or ModelTask.Text2textGeneration && config.Generation.Beams > 1
            ?
            [
                new(
                    ModelWarningCode.GreedyGeneration,
                    FormattableString.Invariant(
                        $"The model's own settings search with {config.Generation.Beams} beams; this service generates greedily."
                    )
                ),
            ]
            : [];

    private static IReadOnlyList<string> LabelsOf(ModelConfig config, ModelTask task, int? columns)
    {
        if (!HasLabels(task) || columns is not { } count || config.Labels.Count == count)
        {
            return HasLabels(task) ? config.Labels : [];
        }

        return config.HasLabelNames
            ? throw new ModelNotUsableException($"config.json names {config.Labels.Count} labels; the graph has {count} classes.")
            : [.. Enumerable.Range(0, count).Select(index => FormattableString.Invariant($"LABEL_{index}"))];
    }

    private static bool HasLabels(ModelTask task) =>
        task is ModelTask.TextClassification or ModelTask.TokenClassification or ModelTask.ImageClassification;

    private static Dictionary<AttentionKind, int> Layers(GraphReport report)
    {
        var layers = new Dictionary<AttentionKind, int>();
        foreach (var kind in Enum.GetValues<AttentionKind>())
        {
            if (report.Of(GraphTerms.RoleOf(kind)).Count is > 0 and var count)
            {
                layers[kind] = count;
            }
        }

        return layers;
    }

    private static Dictionary<ModelFeature, string> Unsupported(ModelTask task, ModelConfig config, GraphReport report)
    {
        var missing = new Dictionary<ModelFeature, string>();
        if (task == ModelTask.FeatureExtraction && config.Pooling.Problem is { } headless)
        {
            foreach (var feature in Derived.Append(ModelFeature.Predict))
            {
                missing[feature] = headless;
            }
        }
        else if (report.NoGradient is { } reason)
        {
            foreach (var feature in Derived)
            {
                missing[feature] = reason;
            }
        }

        foreach (var (variant, reason) in report.NoVariant)
        {
            missing.TryAdd(variant == GradientVariant.CpLrp ? ModelFeature.CpLrp : ModelFeature.AttnLrp, reason);
        }

        if (missing.TryGetValue(ModelFeature.Predict, out var noHead))
        {
            missing[ModelFeature.Fast] = noHead;
        }

        if (report.Patches is not null)
        {
            missing[ModelFeature.Fast] = "The int8 form is for models of text.";
        }

        if (report.NoBlocks is { } noLayers)
        {
            missing[ModelFeature.Layers] = noLayers;
        }

        if (report.NoNeurons is { } noNeurons)
        {
            missing[ModelFeature.Neurons] = noNeurons;
        }

        if (report.NoAttention is { } noAttention)
        {
            missing[ModelFeature.Attention] = noAttention;
            missing.TryAdd(ModelFeature.AttentionGradient, noAttention);
        }

        return missing;
    }
}
