using System.Text.Json.Nodes;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Privacy;

namespace ExplainService.Api.Adapters;

/// <summary>
/// A list of instances, as KServe and Vertex AI send them: each a text, or an object with the fields of a request of this service, beside
/// parameters that hold for all.
/// </summary>
internal static class Instances
{
    private const string Model = "model";

    /// <summary>One request for each instance.</summary>
    /// <param name="instances">The instances.</param>
    /// <param name="parameters">Fields of all; an instance's own come first.</param>
    /// <param name="model">The model, which the path names.</param>
    /// <param name="explain">What explains where none says so; null: predictions are asked for.</param>
    /// <param name="redaction">What is masked.</param>
    public static IReadOnlyList<NativeRequest> Read(
        JsonArray instances,
        JsonObject? parameters,
        string model,
        string? explain,
        Redaction redaction
    )
    {
        PeerRequests.CheckCount(instances.Count, parameters?.ToJsonString().Length ?? 0);
        List<NativeRequest> requests = new(instances.Count);
        foreach (var (index, instance) in instances.Index())
        {
            var where = FormattableString.Invariant($"instances[{index}]");
            var fields = Fields(instance, where);
            foreach (var (name, value) in parameters ?? [])
            {
                fields.TryAdd(name, value?.DeepClone());
            }

            requests.Add(Read(fields, where, model, explain, redaction));
        }

        return requests;
    }

    private static NativeRequest Read(JsonObject fields, string where, string model, string? explain, Redaction redaction)
    {
        if (fields.ContainsKey(Model))
        {
            throw InvalidRequestException.Malformed($"{where}.{Model}", "is named by the path");
        }

        fields[Model] = model;
        if (explain is null)
        {
            return NativeRequest.Read(NativeRequest.Predict, fields, where, redaction);
        }

        return NativeRequest.Read(NativeRequest.Chosen(fields, explain), fields, where, redaction, NativeRequest.ScoresUnits);
    }

    private static JsonObject Fields(JsonNode? instance, string where) =>
        instance switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => new JsonObject { ["text"] = text },
            JsonObject given => (JsonObject)given.DeepClone(),
            _ => throw InvalidRequestException.Malformed(where, "must be a text, or an object with the fields of a request"),
        };
}
