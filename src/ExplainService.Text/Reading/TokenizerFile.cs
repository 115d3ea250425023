using System.Text.Json;
using ExplainService.Text.Added;
using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>Reads tokenizer.json, which says everything.</summary>
internal static class TokenizerFile
{
    public static TokenizerParts Read(string path)
    {
        using var document = Parse(path);
        var root = document.RootElement;
        return new TokenizerParts(
            NormalizerReader.Read(root.Optional("normalizer")),
            SplitterReader.Read(root.Optional("pre_tokenizer")),
            FamilyReader.Read(root.Required("model")),
            Template.Read(root.Optional("post_processor")),
            TokenDecoder.Read(root.Optional("decoder")),
            root.Optional("added_tokens") is null ? [] : [.. root.Items("added_tokens").Select(ReadAdded)]);
    }

    /// <summary>A JSON file of the folder.</summary>
    public static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException exception)
        {
            throw new TokenizerFormatException($"{Path.GetFileName(path)} is not valid JSON: {exception.Message}", exception);
        }
    }

    private static AddedToken ReadAdded(JsonElement json) => new(
        json.Int("id"),
        json.Text("content"),
        json.Flag("special", false),
        json.Flag("normalized", true),
        json.Flag("lstrip", false),
        json.Flag("rstrip", false),
        json.Flag("single_word", false));
}
