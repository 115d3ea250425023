using System.Globalization;
using System.Text.Json;

namespace ExplainService.Runtime.Folders;

/// <summary>What config.json, generation_config.json and tokenizer_config.json say of a model.</summary>
public sealed record ModelConfig
{
    private static readonly string[] PositionFields =
    [
        "max_position_embeddings",
        "n_positions",
        "n_ctx",
        "max_seq_len",
        "max_sequence_length",
        "seq_length",
    ];

    private const string TextSettings = "text_config";

    /// <summary>Classes without a name that are listed; how many there really are, the graph says.</summary>
    private const int MaxUnnamed = 1000;

    /// <summary>What it answers; null where the architecture's name does not tell.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>Class labels by index.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The labels have names of their own, rather than as many defaults as there may be.</summary>
    public bool HasLabelNames { get; init; }

    /// <summary>The tokenizer has a mask token.</summary>
    public bool HasMaskToken { get; init; }

    /// <summary>How logits become probabilities.</summary>
    public Link Link { get; init; }

    /// <summary>Rows of the table of positions, where there is one.</summary>
    public int? Positions { get; init; }

    /// <summary>The most tokens that the tokenizer was made for.</summary>
    public int? TokenizerLimit { get; init; }

    /// <summary>Number of token ids.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Number of segment ids.</summary>
    public int? SegmentCount { get; init; }

    /// <summary>The padding token.</summary>
    public int? PadToken { get; init; }

    /// <summary>The decoder's start token.</summary>
    public int? DecoderStart { get; init; }

    /// <summary>How a model without a head makes an embedding of a text.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.Default;

    /// <summary>How it generates.</summary>
    public GenerationRules Generation { get; init; } = new();

    /// <summary>The names of the files that <see cref="Read(string)"/> looks for in a folder.</summary>
    /// <exception cref="ModelNotUsableException">config.json is not a JSON object.</exception>
    public static IEnumerable<string> FileNames(string folder)
    {
        var config = JsonFields.Read(Path.Combine(folder, "config.json"));
        string[] names =
        [
            "config.json",
            "generation_config.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            .. TextPooling.FileNames(folder),
        ];
        return TaskOf(config) is null && TaskHints.NeedsCard(config) ? [.. names, TaskHints.CardName] : names;
    }

    /// <summary>Reads a model's folder.</summary>
    /// <exception cref="ModelNotUsableException">A file is not a JSON object.</exception>
    public static ModelConfig Read(string folder) => Read(folder, JsonFields.Read(Path.Combine(folder, "config.json")));

    /// <summary>What a folder says of the texts that its model compares with pictures.</summary>
    /// <exception cref="ModelNotUsableException">A file is not a JSON object.</exception>
    public static ModelConfig ReadTexts(string folder)
    {
        var config = JsonFields.Read(Path.Combine(folder, "config.json"));
        return Read(folder, config.Field(TextSettings) is { ValueKind: JsonValueKind.Object } texts ? texts : config);
    }

    private static ModelConfig Read(string folder, JsonElement config)
    {
        var generation = JsonFields.Read(Path.Combine(folder, "generation_config.json"));
        var tokenizer = JsonFields.Read(Path.Combine(folder, "tokenizer_config.json"));
        var special = JsonFields.Read(Path.Combine(folder, "special_tokens_map.json"));
        var task = TaskOf(config) ?? TaskHints.Pipeline(folder, config);
        var mayClassify =
            task is ModelTask.TextClassification or ModelTask.TokenClassification or ModelTask.ImageClassification
            || (task is null && config.Field("id2label") is not null);
        var labels = mayClassify ? LabelsOf(config) : [];
        return new ModelConfig
        {
            Task = task,
            Labels = labels,
            HasLabelNames = config.Field("id2label") is not null,
            HasMaskToken = tokenizer.Field("mask_token") is not null || special.Field("mask_token") is not null,
            Link = task is ModelTask.TextClassification or ModelTask.ImageClassification or null
                ? LinkOf(config, labels.Count)
                : Link.Softmax,
            Positions = PositionFields.Select(name => config.Integer(name)).FirstOrDefault(number => number > 0),
            TokenizerLimit = tokenizer.Integer("model_max_length") is > 0 and var limit ? limit : null,
            VocabularySize = config.Integer("vocab_size"),
            SegmentCount = config.Integer("type_vocab_size"),
            PadToken = config.Integer("pad_token_id"),
            DecoderStart =
                generation.Integer("decoder_start_token_id")
                ?? config.Integer("decoder_start_token_id")
                ?? (config.Flag("is_encoder_decoder") ? config.Integer("bos_token_id") ?? config.Integer("pad_token_id") : null),
            Generation = GenerationRules.Read(generation, config),
            Pooling = TextPooling.Read(folder),
        };
    }

    /// <summary>Transformers names its classes by what they do.</summary>
    private static ModelTask? TaskOf(JsonElement config)
    {
        var architecture =
            config.Field("architectures") is { ValueKind: JsonValueKind.Array } list
            && list.GetArrayLength() > 0
            && list[0].ValueKind == JsonValueKind.String
                ? list[0].GetString()!
                : "";
        (string Part, ModelTask Task)[] parts =
        [
            ("SequenceClassification", ModelTask.TextClassification),
            ("ImageClassification", ModelTask.ImageClassification),
            ("TokenClassification", ModelTask.TokenClassification),
            ("QuestionAnswering", ModelTask.QuestionAnswering),
            ("MaskedLM", ModelTask.FillMask),
            ("WithLMHeadModel", ModelTask.FillMask),
            ("CausalLM", ModelTask.TextGeneration),
            ("LMHeadModel", ModelTask.TextGeneration),
            ("ConditionalGeneration", ModelTask.Text2textGeneration),
            ("MTModel", ModelTask.Text2textGeneration),
            ("Seq2SeqLM", ModelTask.Text2textGeneration),
        ];
        foreach (var (part, task) in parts)
        {
            if (architecture.Contains(part, StringComparison.Ordinal))
            {
                return task;
            }
        }

        return !architecture.EndsWith("Model", StringComparison.Ordinal) ? null
            : config.Field(TextSettings) is not null && config.Field("vision_config") is not null ? ModelTask.ZeroShotImageClassification
            : ModelTask.FeatureExtraction;
    }

    private static Link LinkOf(JsonElement config, int labels) =>
        config.Text("problem_type") switch
        {
            "multi_label_classification" => Link.Sigmoid,
            "regression" => Link.Identity,
            "single_label_classification" => Link.Softmax,
            _ => labels == 1 ? Link.Identity : Link.Softmax,
        };

    private static List<string> LabelsOf(JsonElement config)
    {
        var named = new SortedDictionary<int, string>();
        if (config.Field("id2label") is { ValueKind: JsonValueKind.Object } names)
        {
            foreach (var name in names.EnumerateObject())
            {
                if (int.TryParse(name.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < 1_000_000)
                {
                    named[index] = name.Value.ToString();
                }
            }
        }
        else if (config.Field("id2label") is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var name in list.EnumerateArray())
            {
                named[named.Count] = name.ToString();
            }
        }

        // Transformers' own default is two classes without names.
        var count =
            named.Count > 0
                ? named.Keys.Max() + 1
                : Math.Clamp(config.Integer("num_labels") ?? config.Integer("_num_labels") ?? 2, 1, MaxUnnamed);
        return count <= (2 * named.Count) + MaxUnnamed
            ?
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(index => named.GetValueOrDefault(index) ?? FormattableString.Invariant($"LABEL_{index}")),
            ]
            : throw new ModelNotUsableException($"config.json names class {count - 1}, but only {named.Count} classes have a name.");
    }
}
