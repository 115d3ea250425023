using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Protocol.Json;

namespace ExplainService.Jobs.Contracts;

/// <summary>Requests and answers of this room, compiled.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobAnswer))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobSummary))]
[JsonSerializable(typeof(SurrogateFile))]
[JsonSerializable(typeof(SurrogateRequest))]
[JsonSerializable(typeof(SurrogateAnswer))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ImportanceLine))]
[JsonSerializable(typeof(NeuronLine))]
[JsonSerializable(typeof(IReadOnlyList<CaseChange>))]
[JsonSerializable(typeof(CaseChange[]))]
[JsonSerializable(typeof(IReadOnlyList<TextPiece>))]
[JsonSerializable(typeof(TextPiece[]))]
[JsonSerializable(typeof(ImportanceOptions))]
internal sealed partial class JobsJsonContext : JsonSerializerContext;

/// <summary>How jobs and their results are written: as the protocol writes everything else.</summary>
public static class JobsJson
{
    /// <summary>What is compiled of this room.</summary>
    public static IJsonTypeInfoResolver Resolver => JobsJsonContext.Default;

    /// <summary>The options of requests and answers.</summary>
    public static JsonSerializerOptions Options { get; } = Create(ServiceJson.Options.TypeInfoResolver!);

    /// <summary>
    /// The options of answers that are kept: without the time that each took, so that the same work leaves the same bytes.
    /// </summary>
    internal static JsonSerializerOptions Kept { get; } =
        Create(ServiceJson.Options.TypeInfoResolver!.WithAddedModifier(WithoutElapsedTime));

    /// <summary>The options by which lines of results are read: as a part of what they hold.</summary>
    internal static JsonSerializerOptions Lines { get; } =
        Create(ServiceJson.Options.TypeInfoResolver!.WithAddedModifier(WithElapsedTimeOrNot), JsonUnmappedMemberHandling.Skip);

    /// <summary>A type as it crosses the wire.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Create(
        IJsonTypeInfoResolver protocol,
        JsonUnmappedMemberHandling unmapped = JsonUnmappedMemberHandling.Disallow
    )
    {
        var options = new JsonSerializerOptions(ServiceJson.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine(JobsJsonContext.Default, protocol),
            UnmappedMemberHandling = unmapped,
        };
        options.MakeReadOnly();
        return options;
    }

    private static void WithElapsedTimeOrNot(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.Name == "elapsed_ms"))
        {
            property.IsRequired = false;
        }
    }

    private static void WithoutElapsedTime(JsonTypeInfo type)
    {
        for (var index = type.Properties.Count - 1; index >= 0; index--)
        {
            if (type.Properties[index].Name == "elapsed_ms")
            {
                type.Properties.RemoveAt(index);
            }
        }
    }
}
