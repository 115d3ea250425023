using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Inputs;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(InputRow))]
internal sealed partial class RowsJsonContext : JsonSerializerContext;

/// <summary>How rows are kept.</summary>
internal static class RowsJson
{
    /// <summary>A row.</summary>
    public static JsonTypeInfo<InputRow> Row { get; } = Create();

    private static JsonTypeInfo<InputRow> Create()
    {
        var options = new JsonSerializerOptions(JobsJson.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(RowsJsonContext.Default, JobsJson.Options.TypeInfoResolver),
        };
        return (JsonTypeInfo<InputRow>)options.GetTypeInfo(typeof(InputRow));
    }
}
