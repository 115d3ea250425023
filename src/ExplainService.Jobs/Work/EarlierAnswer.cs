using System.Buffers;
using System.Text;
using System.Text.Json;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Work;

/// <summary>Of an answer what a later one is compared with: prediction and scores, without tokens.</summary>
internal static class EarlierAnswer
{
    private static readonly string[] Kept = ["model", "method", "objective", "prediction", "target", "units", "status", "title", "detail"];

    /// <summary>Writes it.</summary>
    /// <param name="answer">A line of results, or an answer.</param>
    /// <param name="hashes">Of the model that gave it.</param>
    public static string Of(JsonElement answer, IReadOnlyList<string> hashes) =>
        Written(json =>
        {
            foreach (var field in answer.EnumerateObject().Where(field => Kept.Contains(field.Name)))
            {
                field.WriteTo(json);
                if (field.NameEquals("model"u8) && hashes.Count > 0)
                {
                    json.WriteStartArray("model_sha256"u8);
                    foreach (var hash in hashes)
                    {
                        json.WriteStringValue(hash);
                    }

                    json.WriteEndArray();
                }
            }
        });

    /// <summary>A line of results without what is its row's.</summary>
    public static string Unrowed(JsonElement line) =>
        Written(json =>
        {
            foreach (
                var field in line.EnumerateObject()
                    .Where(field => field.Name is not ("row" or "id" or "label" or "slice" or "before" or "flipped"))
            )
            {
                field.WriteTo(json);
            }
        });

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written, new JsonWriterOptions { Encoder = JobsJson.Options.Encoder }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(written.WrittenSpan);
    }
}
