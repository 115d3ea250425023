using System.Text.Json;
using ExplainService.Text.ChatTemplates;
using ExplainService.Text.Json;

namespace ExplainService.Text.Reading;

/// <summary>Reads a folder's chat template: a file of its own, else what tokenizer_config.json says.</summary>
internal static class ChatTemplateReader
{
    /// <summary>The files that hold nothing else.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["chat_template.jinja", "chat_template.json"];

    /// <summary>Of several templates the one for plain conversations.</summary>
    private const string Default = "default";

    private static readonly string[] Tokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>The template, read when it is first asked for; null: there is none.</summary>
    public static Lazy<ChatTemplate?> Read(string folder, TokenizerConfig config)
    {
        var source = Source(folder, config);
        var tokens = Tokens
            .Select(name => (Name: name, Text: config.SpecialText(name)))
            .Where(token => token.Text is not null)
            .ToDictionary(token => token.Name, token => token.Text!);
        return new Lazy<ChatTemplate?>(() => source is null ? null : new ChatTemplate(source, tokens));
    }

    private static string? Source(string folder, TokenizerConfig config)
    {
        if (TokenizerFiles.Find(folder, FileNames[0]) is { } file)
        {
            return File.ReadAllText(file);
        }

        return (TokenizerFiles.Find(folder, FileNames[1]) is { } json ? In(TokenizerFiles.ReadJson(json)) : null) ?? In(config.Settings);
    }

    /// <summary>One template, or several by their names.</summary>
    private static string? In(JsonElement json) =>
        json.Optional("chat_template") switch
        {
            { ValueKind: JsonValueKind.String } one => one.GetString(),
            { ValueKind: JsonValueKind.Array } several => several
                .EnumerateArray()
                .Where(one => one.TextOrNull("name") == Default)
                .Select(one => one.TextOrNull("template"))
                .FirstOrDefault(),
            _ => null,
        };
}
