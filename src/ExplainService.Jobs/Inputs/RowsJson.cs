using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Inputs;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(InputRow))]
[JsonSerializable(typeof(List<PooledWord>))]
internal sealed partial class RowsJsonContext : JsonSerializerContext;

/// <summary>How rows are kept.</summary>
internal static class RowsJson
{
    /// <summary>A row.</summary>
    public static JsonTypeInfo<InputRow> Row { get; } = Create<InputRow>();

    /// <summary>A sample of words.</summary>
    public static JsonTypeInfo<List<PooledWord>> Words { get; } = Create<List<PooledWord>>();

    private static JsonTypeInfo<T> Create<T>()
    {
        var options = new JsonSerializerOptions(JobsJson.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(RowsJsonContext.Default, JobsJson.Options.TypeInfoResolver),
        };
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }
}
