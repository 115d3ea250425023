using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>One row of a golden file: what is asked of the service, and what PyTorch says.</summary>
/// <param name="Model">The folder: the file's own model, or a variant of it.</param>
/// <param name="Golden">The case.</param>
/// <param name="Row">The row of its batch.</param>
/// <param name="Text">The row's text.</param>
/// <param name="Ids">Its tokens, without padding.</param>
public sealed record ZooCase(string Model, JsonElement Golden, int Row, string Text, int[] Ids)
{
    /// <summary>Folders whose weights are other numbers: no float32 arithmetic reproduces the base's there.</summary>
    private static readonly string[] Approximate = ["fp16", "int8", "q4"];

    public static IEnumerable<string> Models(string collection) =>
        Directory
            .EnumerateDirectories(ReferenceData.PathOf(collection))
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal);

    public static bool IsExact(string model) => !Approximate.Contains(Path.GetExtension(model).TrimStart('.'));

    public string Kind => Target.GetProperty("kind").GetString()!;

    public bool IsSeq2Seq => Kind == "decoder_token_logprob";

    /// <summary>It has an encoder and a decoder: of a classifier's, both read the text.</summary>
    public bool HasDecoder => Golden.TryGetProperty("encoder_attentions", out _);

    public double Score => Golden.GetProperty("score")[Row].GetDouble();

    public JsonElement Outputs => Golden.GetProperty("outputs");

    /// <summary>The decoder's row up to the token that is explained, without its start.</summary>
    public int[] Before => [.. Integers(Golden.GetProperty("inputs").GetProperty("decoder_input_ids")[Row]).Skip(1).Take(Position)];

    public int Position => Target.GetProperty("position").GetInt32();

    private JsonElement Target => Golden.GetProperty("target");

    /// <summary>
    /// The rows of a model's golden file. The second case is a padded batch of its own text and the first case's; where the target of the
    /// longer one has no place in the shorter, the shorter row explains padding, which no request can ask for.
    /// </summary>
    public static IEnumerable<ZooCase> Of(string collection, string model)
    {
        var cases = ReferenceData
            .Json(collection, model.Split('.')[0], "golden.json")
            .RootElement.GetProperty("cases")
            .EnumerateArray()
            .ToArray();
        foreach (var golden in cases)
        {
            var inputs = golden.GetProperty("inputs");
            for (var row = 0; row < inputs.GetProperty("input_ids").GetArrayLength(); row++)
            {
                var mask = Integers(inputs.GetProperty("attention_mask")[row]);
                int[] ids =
                [
                    .. Integers(inputs.GetProperty("input_ids")[row]).Zip(mask).Where(pair => pair.Second == 1).Select(pair => pair.First),
                ];
                var one = new ZooCase(model, golden, row, (row == 0 ? golden : cases[0]).GetProperty("text").GetString()!, ids);
                if (one.Fits())
                {
                    yield return one;
                }
            }
        }
    }

    /// <summary>The request for this case's target, as a dictionary to which an endpoint's own fields are added.</summary>
    public Dictionary<string, object> Request(params (string Name, object Value)[] own)
    {
        var request = new Dictionary<string, object>
        {
            ["model"] = Model,
            ["text"] = Kind == "span" ? "what is dull?" : Text,
            ["objective"] = Kind is "class" or "token_class" or "span" ? "logit" : "log_probability",
            ["granularity"] = "token",
            ["target"] = Wanted(),
        };
        if (Kind == "span")
        {
            request["pair"] = Text;
        }

        foreach (var (name, value) in own)
        {
            request[name] = value;
        }

        return request;
    }

    /// <summary>[token] of a [batch][sequence] array, padding cut off.</summary>
    public double[] PerToken(JsonElement batch, int? length = null) =>
        [.. batch[Row].EnumerateArray().Take(length ?? Ids.Length).Select(value => value.GetDouble())];

    /// <summary>[layer][head][query][key] of a [layer][batch][head][query][key] array, padding cut off, flattened.</summary>
    public double[] Maps(string name, int queries, int keys) =>
        [
            .. Golden
                .GetProperty(name)
                .EnumerateArray()
                .SelectMany(layer =>
                    layer[Row]
                        .EnumerateArray()
                        .SelectMany(head =>
                            head.EnumerateArray()
                                .Take(queries)
                                .SelectMany(query => query.EnumerateArray().Take(keys).Select(value => value.GetDouble()))
                        )
                ),
        ];

    public static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];

    private bool Fits() =>
        Kind switch
        {
            "span" => Target.GetProperty("end").GetInt32() < Ids.Length,
            "token_class" or "token" => Position < Ids.Length,
            "next_token_logprob" => Position == Ids.Length - 1,
            _ => true,
        };

    private object Wanted() =>
        Kind switch
        {
            "class" => new { label = Target.GetProperty("index").GetInt32() },
            "token_class" => new { token = Position, label = Target.GetProperty("index").GetInt32() },
            "span" => new { span = new { start = Target.GetProperty("start").GetInt32(), end = Target.GetProperty("end").GetInt32() } },
            "token" => new { token = Position, token_id = Target.GetProperty("token_id").GetInt32() },
            "next_token_logprob" => new { token_ids = new[] { Target.GetProperty("token_id").GetInt32() } },
            "decoder_token_logprob" => new { token_ids = Before.Append(Target.GetProperty("token_id").GetInt32()).ToArray() },
            var other => throw new NotSupportedException(other),
        };
}
