using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Shapley;
using ExplainService.Protocol.Privacy;

namespace ExplainService.Api.Adapters;

/// <summary>Texts out of tensors, explanations as tensors. Texts have different numbers of units: those of all stand one after the other.</summary>
internal static class InferTensors
{
    private const string Bytes = "BYTES";
    private const string Int64 = "INT64";
    private const string Fp64 = "FP64";

    /// <summary>Outputs for which nothing needs to be explained.</summary>
    private static readonly string[] OfPredictions = ["label", "probability"];

    /// <summary>Parameters of MLServer that say nothing of the request: codecs and the headers that it came with.</summary>
    private static readonly string[] OfTransport = ["content_type", "headers"];

    /// <summary>What a model takes.</summary>
    public static IReadOnlyList<InferTensorShape> Inputs { get; } = [new("text", Bytes, [-1]), new("pair", Bytes, [-1])];

    /// <summary>What a model gives.</summary>
    public static IReadOnlyList<InferTensorShape> Outputs { get; } =
    [
        new("label", Bytes, [-1]),
        new("probability", Fp64, [-1]),
        new("tokens", Bytes, [-1]),
        new("scores", Fp64, [-1]),
        new("offsets", Int64, [-1, 2]),
        new("text_index", Int64, [-1]),
        new("value", Fp64, [-1]),
        new("base_value", Fp64, [-1]),
        new("in", Bytes, [-1]),
        new("warnings", Bytes, [-1]),
    ];

    /// <summary>One request for each text.</summary>
    /// <param name="input">The peer's request.</param>
    /// <param name="model">The model, which the path names.</param>
    /// <param name="explain">What explains where the request does not say.</param>
    /// <param name="redaction">What is masked.</param>
    public static IReadOnlyList<NativeRequest> Read(InferInput input, string model, string explain, Redaction redaction)
    {
        var pair = input.Inputs.Count > 1 ? input.Inputs.FirstOrDefault(tensor => tensor.Name == "pair") : null;
        if (input.Inputs.Count != (pair is null ? 1 : 2))
        {
            throw InvalidRequestException.Malformed("inputs", "must be one tensor of texts, and beside it at most \"pair\"");
        }

        var texts = Texts(input.Inputs.Single(tensor => tensor != pair));
        var pairs = pair is null ? null : Texts(pair);
        if (pairs is not null && pairs.Count != texts.Count)
        {
            throw InvalidRequestException.Malformed("inputs", "must hold as many texts in \"pair\" as in the other");
        }

        var common = Common(input.Parameters);
        PeerRequests.CheckCount(texts.Count, common.ToJsonString().Length);
        var endpoint = EndpointOf(common, input.Outputs, explain);
        return
        [
            .. texts.Select(
                (text, index) =>
                {
                    var fields = (JsonObject)common.DeepClone();
                    (fields["model"], fields["text"]) = (model, text);
                    if (pairs is not null)
                    {
                        fields["pair"] = pairs[index];
                    }

                    return NativeRequest.Read(endpoint, fields, where: "", redaction);
                }
            ),
        ];
    }

    /// <summary>Answers as tensors.</summary>
    /// <param name="answers">One for each text.</param>
    /// <param name="wanted">The outputs that are wanted; null: all.</param>
    public static IReadOnlyList<InferTensor> Of(IReadOnlyList<Explanation> answers, IReadOnlyList<InferWanted>? wanted)
    {
        List<InferTensor> tensors =
        [
            Tensor("label", Bytes, answers.Select(answer => (JsonNode)AdapterJson.LabelOf(answer.Prediction!))),
            Tensor("probability", Fp64, answers.Select(answer => AdapterJson.Number(AdapterJson.ProbabilityOf(answer.Prediction!)))),
        ];
        if (answers.Any(answer => answer.Warnings.Count > 0))
        {
            tensors.Add(Tensor("warnings", Bytes, answers.Select(answer => (JsonNode)string.Join('\n', answer.Warnings))));
        }

        if (answers is [UnitExplanation, ..])
        {
            tensors.AddRange(Scores([.. answers.Cast<UnitExplanation>()]));
        }

        // What a reader must know is told whether or not it was asked for.
        return wanted is not { Count: > 0 }
            ? tensors
            : [.. tensors.Where(tensor => tensor.Name == "warnings" || wanted.Any(one => one.Name == tensor.Name))];
    }

    private static IEnumerable<InferTensor> Scores(UnitExplanation[] answers)
    {
        var units = answers.SelectMany((answer, text) => answer.Units.Select(unit => (Text: text, Unit: unit))).ToArray();
        yield return Tensor("tokens", Bytes, units.Select(one => (JsonNode)one.Unit.Text));
        yield return Tensor("scores", Fp64, units.Select(one => AdapterJson.Number(one.Unit.Score)));
        yield return Tensor("offsets", Int64, units.SelectMany(one => new JsonNode?[] { one.Unit.Start, one.Unit.End })) with
        {
            Shape = [units.Length, 2],
        };
        yield return Tensor("text_index", Int64, units.Select(one => (JsonNode)one.Text));
        if (units.Any(one => one.Unit.In is not null))
        {
            yield return Tensor("in", Bytes, units.Select(one => (JsonNode)(one.Unit.In ?? "text")));
        }

        if (Array.TrueForAll(answers, answer => ValueOf(answer) is not null))
        {
            yield return Tensor("value", Fp64, answers.Select(answer => AdapterJson.Number(ValueOf(answer))));
        }

        if (answers is [ShapAnswer, ..])
        {
            yield return Tensor("base_value", Fp64, answers.Cast<ShapAnswer>().Select(answer => AdapterJson.Number(answer.BaseValue)));
        }
    }

    private static double? ValueOf(UnitExplanation answer) =>
        answer switch
        {
            ShapAnswer shap => shap.Value,
            OcclusionAnswer occlusion => occlusion.Value,
            PermutationAnswer permutation => permutation.Value,
            LimeAnswer lime => lime.Value,
            _ => null,
        };

    private static InferTensor Tensor(string name, string datatype, IEnumerable<JsonNode?> elements)
    {
        var data = new JsonArray([.. elements]);
        return new InferTensor
        {
            Name = name,
            Shape = [data.Count],
            Datatype = datatype,
            Parameters = datatype == Bytes ? new JsonObject { ["content_type"] = "str" } : null,
            Data = data,
        };
    }

    private static string EndpointOf(JsonObject common, IReadOnlyList<InferWanted>? wanted, string explain)
    {
        foreach (var one in wanted ?? [])
        {
            if (!Outputs.Any(output => output.Name == one.Name))
            {
                throw InvalidRequestException.Malformed(
                    "outputs",
                    "must be of " + string.Join(", ", Outputs.Select(output => output.Name))
                );
            }

            RefuseBinary(one.Parameters, "outputs");
        }

        var explains = wanted is not { Count: > 0 } || wanted.Any(one => !OfPredictions.Contains(one.Name));
        return NativeRequest.Chosen(common, explains ? explain : NativeRequest.Predict);
    }

    /// <summary>Fields of this service: parameters hold no objects, so that a target is its label.</summary>
    private static JsonObject Common(JsonObject? parameters)
    {
        RefuseBinary(parameters, "parameters");
        var common = new JsonObject();
        foreach (var (name, value) in parameters ?? [])
        {
            if (name is "model" or "text" or "pair")
            {
                throw InvalidRequestException.Malformed($"parameters.{name}", "is given by the path and the inputs");
            }

            if (!OfTransport.Contains(name) && name != "binary_data_output")
            {
                common[name] =
                    name == "target" && value is JsonValue ? new JsonObject { ["label"] = value.DeepClone() } : value?.DeepClone();
            }
        }

        return common;
    }

    private static List<string> Texts(InferTensor tensor)
    {
        var where = $"inputs[\"{(tensor.Name.Length <= 100 ? tensor.Name : "…")}\"]";
        if (tensor.Datatype != Bytes)
        {
            throw InvalidRequestException.Malformed(where, "must be of datatype BYTES: texts");
        }

        RefuseBinary(tensor.Parameters, where);
        var texts = new List<string>();
        Flatten(tensor.Data, texts, where);
        var size = tensor.Shape.Aggregate(1.0, (product, length) => product * length);
        if (tensor.Shape.Count == 0 || size != texts.Count)
        {
            throw InvalidRequestException.Malformed(
                where,
                FormattableString.Invariant($"holds {texts.Count} texts, which are not its shape")
            );
        }

        return ContentType(tensor.Parameters) switch
        {
            null or "str" => texts,
            "base64" => [.. texts.Select(text => Decoded(text, where))],
            _ => throw InvalidRequestException.Malformed(where, "must have the content_type \"str\" or \"base64\""),
        };
    }

    private static string? ContentType(JsonObject? parameters) =>
        parameters?["content_type"] is { } type ? (type is JsonValue value && value.TryGetValue<string>(out var name) ? name : "") : null;

    private static void Flatten(JsonArray data, List<string> texts, string where)
    {
        foreach (var element in data)
        {
            switch (element)
            {
                case JsonArray row:
                    Flatten(row, texts, where);
                    break;
                case JsonValue value when value.TryGetValue<string>(out var text):
                    texts.Add(text);
                    break;
                default:
                    throw InvalidRequestException.Malformed(where, "must hold texts as JSON strings");
            }
        }
    }

    private static string Decoded(string text, string where)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(text));
        }
        catch (Exception wrong) when (wrong is FormatException or DecoderFallbackException)
        {
            throw InvalidRequestException.Malformed(where, "must hold base64 of UTF-8");
        }
    }

    private static void RefuseBinary(JsonObject? parameters, string where)
    {
        foreach (var name in new[] { "binary_data", "binary_data_output", "binary_data_size" })
        {
            if (parameters?[name] is { } value && value.GetValueKind() != JsonValueKind.False)
            {
                throw InvalidRequestException.Malformed($"{where}.{name}", "asks for tensors as bytes; they come as JSON");
            }
        }
    }
}
