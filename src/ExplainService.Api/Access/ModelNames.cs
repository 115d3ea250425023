using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Api.Access;

/// <summary>The models that a job names, in whatever field of it.</summary>
internal static class ModelNames
{
    private const string Model = "model";

    /// <summary>Their names; null among them stands for the default one, where what each row is asked names none.</summary>
    public static IReadOnlySet<string?> Of(JobRequest job)
    {
        var names = new HashSet<string?>(StringComparer.Ordinal);
        // The texts of an input are data: what they hold names no model.
        var whole = JsonSerializer.SerializeToNode(job with { Input = null, Columns = null }, JobsJson.Of<JobRequest>());
        Collect(whole, isModel: false, names);
        if (whole?["request"] is not JsonObject request || request[Model] is null)
        {
            names.Add(null);
        }

        return names;
    }

    private static void Collect(JsonNode? node, bool isModel, HashSet<string?> names)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    Collect(value, IsModel(name), names);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, isModel, names);
                }

                break;
            case JsonValue value when isModel && value.TryGetValue<string>(out var model):
                names.Add(model);
                break;
            default:
                break;
        }
    }

    /// <summary><c>model</c>, <c>fill_model</c>, <c>models</c>, and whatever is named so.</summary>
    private static bool IsModel(string field) =>
        field is Model or "models"
        || field.EndsWith("_model", StringComparison.Ordinal)
        || field.EndsWith("_models", StringComparison.Ordinal);
}
