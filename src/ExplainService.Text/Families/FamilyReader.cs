using System.Text.Json;
using ExplainService.Text.Json;

namespace ExplainService.Text.Families;

/// <summary>Reads the <c>model</c> of tokenizer.json: one line a type.</summary>
internal static class FamilyReader
{
    public static TokenFamily Read(JsonElement json) =>
        (json.TextOrNull("type") ?? Guess(json)) switch
        {
            "WordPiece" => new WordPiece(
                new Vocabulary(ReadIds(json)),
                json.TextOrNull("unk_token") ?? "[UNK]",
                json.TextOrNull("continuing_subword_prefix") ?? "##",
                json.IntOrNull("max_input_chars_per_word") ?? 100
            ),
            "WordLevel" => new WordLevel(new Vocabulary(ReadIds(json)), json.TextOrNull("unk_token") ?? "<unk>"),
            "BPE" => ReadBytePair(json),
            "Unigram" => ReadUnigram(json),
            var other => throw new TokenizerNotSupportedException("model", other),
        };

    /// <summary>The oldest files do not say the type.</summary>
    private static string Guess(JsonElement json) =>
        json.Optional("merges") is not null ? "BPE"
        : json.Required("vocab").ValueKind == JsonValueKind.Array ? "Unigram"
        : json.Optional("continuing_subword_prefix") is not null ? "WordPiece"
        : "WordLevel";

    private static Dictionary<string, int> ReadIds(JsonElement json)
    {
        var vocab = json.Required("vocab");
        if (vocab.ValueKind != JsonValueKind.Object)
        {
            throw new TokenizerFormatException("The tokenizer's 'vocab' is not an object.");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in vocab.EnumerateObject())
        {
            ids[entry.Name] = entry.Value.AsInt("vocab");
        }

        return ids.Count > 0 ? ids : throw new TokenizerFormatException("The tokenizer's 'vocab' is empty.");
    }

    private static BytePairEncoding ReadBytePair(JsonElement json)
    {
        if (json.Optional("dropout") is { } dropout && dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() > 0)
        {
            throw new TokenizerNotSupportedException("dropout", dropout.GetRawText());
        }

        List<(string Left, string Right)> merges = [];
        foreach (var merge in json.Items("merges"))
        {
            merges.Add(
                merge.ValueKind switch
                {
                    JsonValueKind.String when merge.GetString()!.Split(' ') is [var left, var right] => (left, right),
                    JsonValueKind.Array when merge.GetArrayLength() == 2 => (merge[0].GetString()!, merge[1].GetString()!),
                    _ => throw new TokenizerFormatException($"Merge {merges.Count} of the vocabulary is not a pair: {merge.GetRawText()}."),
                }
            );
        }

        return new BytePairEncoding(
            new Vocabulary(ReadIds(json)),
            merges,
            new BytePairOptions(
                json.TextOrNull("unk_token"),
                json.TextOrNull("continuing_subword_prefix") ?? "",
                json.TextOrNull("end_of_word_suffix") ?? "",
                json.Flag("fuse_unk", false),
                json.Flag("byte_fallback", false),
                json.Flag("ignore_merges", false)
            )
        );
    }

    private static Unigram ReadUnigram(JsonElement json)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        List<double> scores = [];
        foreach (var entry in json.Items("vocab"))
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[1].ValueKind != JsonValueKind.Number)
            {
                throw new TokenizerFormatException($"Entry {scores.Count} of the vocabulary is not a token with a score.");
            }

            ids[entry[0].GetString()!] = scores.Count;
            scores.Add(Scores.Read(entry[1]));
        }

        return new Unigram(new Vocabulary(ids), [.. scores], json.IntOrNull("unk_id"), json.Flag("byte_fallback", false));
    }
}
