namespace ExplainService.Runtime;

/// <summary>Codes of what a model's own files call for: in every answer of it and in <c>/models</c>.</summary>
public static class ModelWarningCode
{
    /// <summary>The model is quantised; gradients and attention are those of its dequantised function.</summary>
    public const string Quantised = "model_quantised";

    /// <summary>Activations are quantised by the range of a whole batch; every text runs alone.</summary>
    public const string RunsAlone = "model_runs_texts_alone";

    /// <summary>The model computes in float16 or bfloat16; gradients and attention are computed in float32.</summary>
    public const string Widened = "model_half_precision";

    /// <summary>The decoder reads the text again; gradients are those of the encoder's embeddings.</summary>
    public const string EncoderGradientsOnly = "encoder_gradients_only";

    /// <summary>The model's settings ask for beam search; generation is greedy.</summary>
    public const string GreedyGeneration = "greedy_generation";

    /// <summary>The tokenizer has far fewer tokens than the model has word embeddings; it may be that of another model.</summary>
    public const string VocabularyMismatch = "vocabulary_mismatch";

    /// <summary>The model's files have changed since it was loaded (<c>/models</c> only).</summary>
    public const string FilesChanged = "model_files_changed";
}
