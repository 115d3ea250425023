using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Api.Contracts;

/// <summary>The answer of <c>GET /models</c>.</summary>
/// <param name="Models">Every folder of <c>Models:Directory</c>, by name.</param>
/// <param name="Default">The model of requests that name none; left out where there is none to choose.</param>
/// <param name="Error">What is wrong with the directory as a whole, or that it lacks the default that was configured.</param>
public sealed record ModelList(
    IReadOnlyList<ModelAnswer> Models,
    [property: JsonPropertyOrder(-1)] string? Default = null,
    string? Error = null
)
{
    /// <summary>Under <c>/v1</c>, for OpenAI's clients: <c>list</c>.</summary>
    public string? Object { get; init; }

    /// <summary>Under <c>/v1</c>, for OpenAI's clients: the models that continue texts, the default one first.</summary>
    public IReadOnlyList<CompletionModel>? Data { get; init; }
}

/// <summary>A model as OpenAI's clients read it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Object"><c>model</c>.</param>
/// <param name="Created">0: it is not known.</param>
/// <param name="OwnedBy">This service.</param>
public sealed record CompletionModel(string Id, string Object = "model", long Created = 0, string OwnedBy = "explain-service");

/// <summary>One model: what it is and what it can do.</summary>
public sealed record ModelAnswer
{
    /// <summary>Its folder's name, which requests call it by.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is on its way from a folder to answers.</summary>
    public required ModelState State { get; init; }

    /// <summary>Whether requests are answered, now or once their first has loaded it. KServe's clients ask for it.</summary>
    public required bool Ready { get; init; }

    /// <summary>What it answers; left out where config.json cannot be read.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>Class labels by index; empty where the classes are the vocabulary or positions.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Sizes; known once the model is loaded.</summary>
    public ModelLimits? Limits { get; init; }

    /// <summary>SHA-256 of the ONNX files, in hexadecimal; known once the model is loaded.</summary>
    public string? FileHash { get; init; }

    /// <summary>Size of the ONNX files, external data included.</summary>
    public long Bytes { get; init; }

    /// <summary>What it takes of the process's memory; left out where it is not loaded.</summary>
    public MemoryAnswer? Memory { get; init; }

    /// <summary>
    /// By feature (<c>saliency.integrated_gradients</c>, …) whether this model supports it; known once the model is loaded.
    /// </summary>
    public IReadOnlyDictionary<string, SupportAnswer>? Supports { get; init; }

    /// <summary>
    /// The int8 form of <c>precision: "fast"</c>; left out until it has been measured, shortly after the model is loaded.
    /// </summary>
    public FastAnswer? Fast { get; init; }

    /// <summary>What takes the place of text where a request does not say; known once the model is loaded.</summary>
    public DefaultsAnswer? Defaults { get; init; }

    /// <summary>What every answer of this model says, and that its files have changed since it was loaded.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>A stable code of each warning, in the same order.</summary>
    public IReadOnlyList<string>? WarningCodes { get; init; }

    /// <summary>
    /// What is wrong with a folder that cannot be served; of a loaded model, why what is in its folder now cannot take its place.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>The answer for an entry of the registry.</summary>
    internal static ModelAnswer From(ModelEntry entry, IExplainer explainer)
    {
        var warnings = entry.Description is { } answering ? answering.Warnings.Concat(entry.Warnings).ToArray() : null;
        return new ModelAnswer
        {
            Name = entry.Name,
            State = entry.State,
            Ready = entry.State != ModelState.Broken,
            Task = entry.Description?.Task ?? entry.Task,
            Labels = entry.Description?.Labels ?? entry.Labels,
            Limits = entry.Description is { } model ? ModelLimits.From(model) : null,
            FileHash = entry.FileHash,
            Bytes = entry.Bytes,
            Memory = entry.Memory is { } memory ? new MemoryAnswer(memory.Disk, memory.Loaded, memory.WithForms) : null,
            Supports = entry.Description is { } loaded
                ? explainer.Support(loaded).ToDictionary(pair => pair.Key, pair => SupportAnswer.Of(pair.Value))
                : null,
            Fast = entry.Fast is { } fast ? FastAnswer.Of(fast) : null,
            Defaults =
                entry.Description is { Picture: not null }
                    ? new DefaultsAnswer(EnumNames.Of(ReplacementKind.Mean), EnumNames.Of(BaselineKind.Zero))
                : entry.Description is { StandIns: var standIns }
                    ? new DefaultsAnswer(
                        standIns.Removed?.Text ?? EnumNames.Of(ReplacementKind.Delete),
                        standIns.Removed?.Text ?? EnumNames.Of(BaselineKind.Zero)
                    )
                : null,
            Warnings = warnings?.Select(warning => warning.Text).ToArray(),
            WarningCodes = warnings?.Select(warning => warning.Code).ToArray(),
            Error = entry.Error,
        };
    }
}

/// <summary>
/// What a model takes: its weights, once, and what its forms took when they were made. What batches take while they run is not counted.
/// </summary>
/// <param name="DiskBytes">Its ONNX files, external data included.</param>
/// <param name="LoadedBytes">In memory with the forms that loading makes.</param>
/// <param name="WithFormsBytes">In memory with all forms that have been made so far.</param>
public sealed record MemoryAnswer(long DiskBytes, long LoadedBytes, long WithFormsBytes);

/// <summary>How a model takes pictures.</summary>
/// <param name="Width">Columns of pixels, after processing.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Channels">Numbers of a pixel.</param>
/// <param name="PatchRows">Rows of patches.</param>
/// <param name="PatchColumns">Columns of patches.</param>
/// <param name="OwnPatches">Whether the model cuts pictures so itself; otherwise the grid is for explanations alone.</param>
public sealed record PictureLimits(int Width, int Height, int Channels, int PatchRows, int PatchColumns, bool OwnPatches);

/// <summary>Sizes of a model.</summary>
/// <param name="MaxTokens">The most tokens that it takes, special ones included.</param>
/// <param name="EmbeddingSize">Size of a word embedding; 0 where the graph has none to show.</param>
/// <param name="Heads">Heads of each attention layer; 0 where none were found.</param>
/// <param name="AttentionLayers">Attention layers found in the graph, by kind.</param>
/// <param name="Neurons">Inner activations of each layer's feed-forward network; 0 where they were not found.</param>
public sealed record ModelLimits(int MaxTokens, int EmbeddingSize, int Heads, AttentionLayers AttentionLayers, int Neurons)
{
    /// <summary>Of a model of pictures: how it takes them.</summary>
    public PictureLimits? Image { get; init; }

    /// <summary>Of a model that compares pictures with texts: the most tokens of a label, special ones included.</summary>
    public int? LabelTokens { get; init; }

    internal static ModelLimits From(ModelDescription model) =>
        new(
            model.MaxTokens,
            model.EmbeddingSize,
            model.Heads,
            new AttentionLayers(Count(model, AttentionKind.Self), Count(model, AttentionKind.Decoder), Count(model, AttentionKind.Cross)),
            model.Neurons
        )
        {
            Image = model.Picture is { } picture
                ? new PictureLimits(picture.Width, picture.Height, picture.Channels, picture.Rows, picture.Columns, picture.IsModels)
                : null,
            LabelTokens = model.Texts?.MaxTokens,
        };

    private static int? Count(ModelDescription model, AttentionKind kind) =>
        model.AttentionLayers.TryGetValue(kind, out var layers) ? layers : null;
}

/// <summary>Numbers of attention layers by <c>kind</c>; absent kinds have none.</summary>
/// <param name="Self">Of the encoder, or of a decoder-only model.</param>
/// <param name="Decoder">Of a seq2seq model's decoder.</param>
/// <param name="Cross">Of a seq2seq decoder to the encoder.</param>
public sealed record AttentionLayers(int? Self = null, int? Decoder = null, int? Cross = null);

/// <summary>Whether a model supports a feature, and how to ask for it.</summary>
/// <param name="Supported">It does.</param>
/// <param name="Title">What it is called in lists.</param>
/// <param name="Path">The route that answers it.</param>
/// <param name="Request">The fields by which a request asks for it.</param>
/// <param name="Reason">Why it does not, with operator and node where the graph is the reason.</param>
/// <param name="Comparison">
/// The fields for setting it beside other methods, quick enough for a page; left out where it scores no parts of a text.
/// </param>
public sealed record SupportAnswer(
    [property: JsonPropertyOrder(-2)] bool Supported,
    string Title,
    string Path,
    IReadOnlyDictionary<string, JsonElement> Request,
    [property: JsonPropertyOrder(-1)] string? Reason = null,
    IReadOnlyDictionary<string, JsonElement>? Comparison = null
)
{
    internal static SupportAnswer Of(FeatureSupport support) =>
        new(
            support.Reason is null,
            support.Feature.Title,
            support.Path,
            Fields(support.Feature.Request)!,
            support.Reason,
            Fields(support.Feature.Comparison)
        );

    private static Dictionary<string, JsonElement>? Fields(JsonObject? fields) =>
        fields?.ToDictionary(field => field.Key, field => JsonSerializer.SerializeToElement(field.Value, ApiJson.Options));
}

/// <summary>What takes the place of text where a request does not say.</summary>
/// <param name="Replacement">Of removed units: a token of the vocabulary, or <c>delete</c>; as <c>replacement</c> of answers has it.</param>
/// <param name="Baseline">Where integrated gradients start: a token of the vocabulary, or <c>zero</c>. <c>gradient_shap</c> starts at padding.</param>
public sealed record DefaultsAnswer(string Replacement, string Baseline);

/// <summary>How far the int8 form is from the model, measured on calibration rows.</summary>
/// <param name="Supported">There is one.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="MeanDeviation">Mean |Δ logit| as a fraction of the range of the logits.</param>
/// <param name="P95Deviation">95th percentile of the same.</param>
/// <param name="Products">Matrix products with weights in the model.</param>
/// <param name="KeptInFloat">Those of them that stay in float32.</param>
public sealed record FastAnswer(
    bool Supported,
    string? Reason = null,
    double? MeanDeviation = null,
    double? P95Deviation = null,
    int? Products = null,
    int? KeptInFloat = null
)
{
    internal static FastAnswer Of(FastState state) =>
        new(
            state.Quality is not null,
            state.Refusal,
            state.Quality?.MeanDeviation,
            state.Quality?.P95Deviation,
            state.Quality?.Products,
            state.Quality?.KeptInFloat
        );
}
