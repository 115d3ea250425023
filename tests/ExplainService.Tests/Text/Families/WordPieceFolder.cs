using System.Text.Json;
using ExplainService.Text.Tokenization;

namespace ExplainService.Tests.Text.Families;

/// <summary>Makes tokenizers of nothing but a WordPiece vocabulary: words are what white space leaves.</summary>
internal static class WordPieceFolder
{
    /// <summary>A tokenizer whose ids are the entries' positions; <c>[UNK]</c> comes last where it is not among them.</summary>
    public static Tokenizer Load(IEnumerable<string> entries, int longestWord = 100, bool splitsWords = true)
    {
        var ids = entries
            .Append("[UNK]")
            .Distinct()
            .Select((token, id) => (token, id))
            .ToDictionary(entry => entry.token, entry => entry.id);
        var folder = Directory.CreateTempSubdirectory("word-piece-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "tokenizer.json"),
                JsonSerializer.Serialize(
                    new
                    {
                        added_tokens = Array.Empty<object>(),
                        pre_tokenizer = splitsWords ? new { type = "WhitespaceSplit" } : null,
                        model = new
                        {
                            type = "WordPiece",
                            vocab = ids,
                            unk_token = "[UNK]",
                            continuing_subword_prefix = "##",
                            max_input_chars_per_word = longestWord,
                        },
                    }
                )
            );
            return Tokenizer.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
