using ExplainService.Runtime.Models;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Checks <c>Models:Files</c> as it is configured, since a plain value in its place binds to nothing: a file by model, each inside the
/// model's folder.
/// </summary>
internal sealed class ModelFileRules(IConfiguration configuration) : IValidateOptions<ModelOptions>
{
    /// <summary>The setting.</summary>
    public const string Key = ModelOptions.Section + ":" + nameof(ModelOptions.Files);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        var files = configuration.GetSection(Key);
        string[] failures =
        [
            .. string.IsNullOrEmpty(files.Value)
                ? (IEnumerable<string>)[]
                : [$"{Key} is '{files.Value}'; it has a key for each model, such as {Key}:my-model"],
            .. files
                .GetChildren()
                .Where(file => !IsInside(file.Value))
                .Select(file =>
                    $"{file.Path} is '{file.Value}'; it must be a path inside the model's folder, such as onnx/model_int8.onnx"
                ),
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsInside(string? file) =>
        !string.IsNullOrEmpty(file) && !Path.IsPathRooted(file) && !file.Split('/', '\\').Contains("..");
}
