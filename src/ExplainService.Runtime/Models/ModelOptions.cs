using System.ComponentModel.DataAnnotations;
using ExplainService.Runtime.Sessions;

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

    /// <summary>Megabytes that loaded models may take together; over it the least recently used is unloaded. 0: any number.</summary>
    [Range(0, 1 << 24)]
    public int MemoryMegabytes { get; init; }

    /// <summary>Seconds that loading a model, or making one of its forms, may take.</summary>
    [Range(0.1, 86_400)]
    public double LoadSeconds { get; init; } = 60;

    /// <summary>Seconds that a model may compute at one batch.</summary>
    [Range(0.1, 86_400)]
    public double BatchSeconds { get; init; } = 60;

    /// <summary>
    /// Make the forms that requests with default settings need (gradient, attention, cached steps) in the background after loading;
    /// otherwise when they are first asked for.
    /// </summary>
    public bool PrepareForms { get; init; } = true;

    /// <summary>How long work on a model may take.</summary>
    /// <param name="time">The clock.</param>
    internal TimeLimits Times(TimeProvider time) => new(TimeSpan.FromSeconds(LoadSeconds), TimeSpan.FromSeconds(BatchSeconds), time);
}
