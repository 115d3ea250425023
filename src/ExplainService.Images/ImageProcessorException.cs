namespace ExplainService.Images;

/// <summary>A model's <c>preprocessor_config.json</c> asks for something that is not done here, or contradicts itself: the model is refused rather than shown other pixels.</summary>
public sealed class ImageProcessorException : Exception
{
    /// <summary>Names the field and what is wrong with it.</summary>
    public ImageProcessorException(string field, string message)
        : base($"preprocessor_config.json: {message}") => Field = field;

    /// <summary>The field at fault, such as <c>image_processor_type</c>.</summary>
    public string Field { get; }
}
