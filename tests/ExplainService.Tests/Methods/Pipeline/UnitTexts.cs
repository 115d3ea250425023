using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Lime;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;
using ExplainService.Text.Units;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>Texts as the pipeline prepares them, without a model.</summary>
internal static class UnitTexts
{
    private static readonly Lazy<string[]> Words = new(() =>
        [
            .. File.ReadLines(ReferenceData.PathOf("texts", "imdb-300.jsonl"))
                .SelectMany(line =>
                    JsonDocument
                        .Parse(line)
                        .RootElement.GetProperty("text")
                        .GetString()!
                        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                ),
        ]
    );

    public static Tokenizer Tokenizer { get; } = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));

    /// <summary>A model that reads such texts.</summary>
    public static ModelDescription Model { get; } =
        new()
        {
            Name = "minilm-sst2",
            Task = ModelTask.TextClassification,
            Link = Link.Softmax,
            MaxTokens = 512,
        };

    /// <summary>Real reviews, one after another and again, up to so many words.</summary>
    public static string Review(int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(word => Words.Value[word % Words.Value.Length]));

    public static PreparedInput Prepare(string text, string? pair = null, OffsetUnit unit = OffsetUnit.Utf16)
    {
        var whole = Tokenizer.Encode(text, pair);
        return new PreparedInput(text, pair, new InputOffsets(unit, text, pair), whole, [whole], []);
    }

    public static UnitHierarchy Units(PreparedInput input, params Granularity[] levels) =>
        UnitHierarchy.Build(
            new LimeRequest
            {
                Text = input.Text,
                Pair = input.Pair,
                Granularity = new GranularityRequest(levels),
            },
            input,
            Granularity.Word
        );

    public static UnitHierarchy Units(PreparedInput input, IReadOnlyList<IReadOnlyList<int>> spans) =>
        UnitHierarchy.Build(new LimeRequest { Text = input.Text, Spans = spans }, input, Granularity.Word);
}
