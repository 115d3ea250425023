using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Problems;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Adapters;

/// <summary>How SageMaker writes records: CSV or JSON lines.</summary>
internal abstract class RecordFormat
{
    private static readonly RecordFormat[] All = [new CsvRecords(), new JsonLineRecords()];

    /// <summary>Its media type.</summary>
    public abstract string MediaType { get; }

    /// <summary>That of a request's body.</summary>
    /// <exception cref="RefusedRequestException">415.</exception>
    public static RecordFormat OfBody(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && Array.Find(All, format => type.MediaType.Equals(format.MediaType, StringComparison.OrdinalIgnoreCase)) is { } found
            ? found
            : throw new RefusedRequestException(415, "Records come as text/csv or application/jsonlines.");

    /// <summary>That of its answer, by <c>Accept</c>; as the body's where it is all the same.</summary>
    /// <exception cref="RefusedRequestException">406.</exception>
    public static RecordFormat OfAnswer(HttpRequest request, RecordFormat body)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return body;
        }

        var best = All.OrderByDescending(format => format == body)
            .MaxBy(format => Pipeline.Negotiation.Quality(format.MediaType, accepted))!;
        return Pipeline.Negotiation.Quality(best.MediaType, accepted) > 0
            ? best
            : throw new RefusedRequestException(406, "Predictions are text/csv or application/jsonlines.");
    }

    /// <summary>The fields of each record's request.</summary>
    public abstract IReadOnlyList<JsonObject> Read(ReadOnlyMemory<byte> body);

    /// <summary>What the model says of a record, as JMESPath sees it.</summary>
    public abstract JsonNode Record(Explanation answer);

    /// <summary>The same as a line.</summary>
    public abstract string Line(JsonNode record);

    /// <summary>A text a record; the label, its probability and those of all classes in index order.</summary>
    private sealed class CsvRecords : RecordFormat
    {
        private static readonly CsvConfiguration Layout = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

        public override string MediaType => "text/csv";

        public override IReadOnlyList<JsonObject> Read(ReadOnlyMemory<byte> body)
        {
            var records = new List<JsonObject>();
            using var text = new StringReader(BodyText.Of(body));
            using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { BadDataFound = Refuse });
            while (parser.Read())
            {
                if (parser.Count != 1)
                {
                    throw InvalidRequestException.Malformed(
                        FormattableString.Invariant($"records[{records.Count}]"),
                        FormattableString.Invariant($"has {parser.Count} columns; a record is one text, in quotes where it has commas")
                    );
                }

                records.Add(new JsonObject { ["text"] = parser[0] });
            }

            return records;
        }

        public override JsonNode Record(Explanation answer)
        {
            var prediction = answer.Prediction!;
            var record = new JsonArray(AdapterJson.LabelOf(prediction), AdapterJson.Number(AdapterJson.ProbabilityOf(prediction)));
            foreach (var label in (prediction.Labels ?? []).OrderBy(label => label.Index))
            {
                record.Add(AdapterJson.Number(label.Probability ?? label.Logit));
            }

            return record;
        }

        public override string Line(JsonNode record)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            using var csv = new CsvWriter(text, Layout);
            foreach (var field in record.AsArray())
            {
                csv.WriteField(field?.ToString());
            }

            csv.Flush();
            return text.ToString();
        }

        private static void Refuse(BadDataFoundArgs bad) =>
            throw InvalidRequestException.Malformed(
                "(body)",
                FormattableString.Invariant($"is not valid CSV at line {bad.Context.Parser?.RawRow}: a quote stands where none may")
            );
    }

    /// <summary>An object a record: the fields of a request, or <c>features</c> with a text.</summary>
    private sealed class JsonLineRecords : RecordFormat
    {
        public override string MediaType => "application/jsonlines";

        public override IReadOnlyList<JsonObject> Read(ReadOnlyMemory<byte> body) =>
            [
                .. BodyText
                    .Of(body)
                    .Split('\n')
                    .Where(line => !string.IsNullOrWhiteSpace(line))
                    .Select((line, index) => Read(line, FormattableString.Invariant($"records[{index}]"))),
            ];

        public override JsonNode Record(Explanation answer)
        {
            var prediction = answer.Prediction!;
            var record = new JsonObject
            {
                ["predicted_label"] = AdapterJson.LabelOf(prediction),
                ["probability"] = AdapterJson.Number(AdapterJson.ProbabilityOf(prediction)),
                ["probabilities"] = new JsonArray([
                    .. (prediction.Labels ?? [])
                        .OrderBy(label => label.Index)
                        .Select(label => AdapterJson.Number(label.Probability ?? label.Logit)),
                ]),
            };
            return AdapterJson.Warned(record, answer);
        }

        public override string Line(JsonNode record) => record.ToJsonString(ServiceJson.Options);

        private static JsonObject Read(string line, string where)
        {
            JsonNode? node;
            try
            {
                node = BodyText.Json(line);
            }
            catch (InvalidRequestException)
            {
                node = null;
            }

            if (node is not JsonObject fields)
            {
                throw InvalidRequestException.Malformed(where, "must be a JSON object on a line of its own");
            }

            if (fields.Remove("features", out var features))
            {
                // Clarify's default template: the columns of a record, here its one text.
                fields["text"] =
                    (features is JsonArray { Count: 1 } columns ? columns[0] : features) is { } text
                    && text.GetValueKind() == JsonValueKind.String
                        ? text.DeepClone()
                        : throw InvalidRequestException.Malformed(where + ".features", "must be a text, or a list of one");
            }

            return fields;
        }
    }
}
