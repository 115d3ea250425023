namespace ExplainService.Runtime.Models;

/// <summary>Which models are served: configuration section <c>Models</c>.</summary>
public sealed record ModelOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Models";

    /// <summary>The bundled sentiment model: the default of a directory that holds it among others.</summary>
    public const string Bundled = "minilm-sst2";

    /// <summary>A folder that holds a folder for each model.</summary>
    public string Directory { get; init; } = "deploy/models";

    /// <summary>The model of requests that name none; left out: the only one, else <see cref="Bundled"/> where it is there.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// Where a model has more than one, the file to serve: a path inside its folder, such as <c>onnx/model_int8.onnx</c>. By folder name.
    /// </summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}
