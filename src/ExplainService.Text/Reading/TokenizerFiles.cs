using System.Text.Json;

namespace ExplainService.Text.Reading;

/// <summary>Opens the files of a tokenizer's folder.</summary>
internal static class TokenizerFiles
{
    /// <summary>The newer form, which makes the older ones unread.</summary>
    public const string Whole = "tokenizer.json";

    private static readonly string[] Beside =
    [
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "config.json",
        .. ChatTemplateReader.FileNames,
    ];

    private static readonly string[] Older = [.. OlderFiles.SentencePieceNames, "vocab.txt", "vocab.json"];

    /// <summary>The files of which one makes a tokenizer, with others beside it.</summary>
    public static IReadOnlyList<string> Main { get; } = [Whole, .. Older];

    /// <summary>The names of the files that are looked for in a folder, whether they are there or not.</summary>
    public static IEnumerable<string> Names(string folder) =>
        File.Exists(Path.Combine(folder, Whole)) ? [Whole, .. Beside] : [.. Main, .. Beside, "merges.txt"];

    /// <summary>The file's content, detached from the file.</summary>
    /// <exception cref="TokenizerFormatException">It is not valid JSON.</exception>
    public static JsonElement ReadJson(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }
            );
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new TokenizerFormatException($"{Path.GetFileName(path)} is not valid JSON: {error.Message}", error);
        }
    }

    /// <summary>The first of the files that exists, or null.</summary>
    public static string? Find(string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(folder, name)))
            {
                return Path.Combine(folder, name);
            }
        }

        return null;
    }
}
